#!/usr/bin/env bash
# Package:     ratelimit-header-parser 0.1.0
# Expected:    A RateLimit header of the newer drafts is read, or gives undefined, as headers that are not known do. A
#              reset time in milliseconds is a time of this century.
# Actual:      The newer form gives an object of NaN and an invalid date, a duration such as "6m0s" an invalid date, and
#              milliseconds a year above 58,000.
# Output seen: {"older":50,"newer":"NaN,NaN,Invalid Date","duration":"Invalid Date","year":58880}
# Consequence: `remaining > 0` is false with quota left, and a client that waits for the reset waits for no time, or for
#              ever.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error ratelimit-header-parser@0.1.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parseRateLimit } from 'ratelimit-header-parser';

const parse = (headers) => parseRateLimit(new Headers(headers));
const left = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '50' };
const newer = parse({ ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' });
const seen = {
  older: parse({ ratelimit: 'limit=100, remaining=50, reset=30' }).remaining,
  newer: String([newer.limit, newer.remaining, newer.reset]),
  duration: String(parse({ ...left, 'x-ratelimit-reset': '6m0s' }).reset),
  year: parse({ ...left, 'x-ratelimit-reset': '1795910400123' }).reset.getUTCFullYear(),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { older: 50, newer: 'NaN,NaN,Invalid Date', duration: 'Invalid Date', year: 58_880 },
  'ratelimit-header-parser behaves differently now',
);
EOF
node probe.mjs
