#!/usr/bin/env bash
# Package:     parse-duration 2.1.9, timestring 7.0.0, @sapphire/duration 1.2.0
# Expected:    A duration of ISO 8601 is read, as P30D is: P1M is a month. Or it is refused.
# Actual:      P30D is thirty days, and P1M is one minute, in all three.
# Output seen: {"parse-duration":{"P30D":43200,"P1M":1},"timestring":{"P30D":43200,"P1M":1},"@sapphire/duration":{"P30D":43200,"P1M":1}}
# Consequence: Conversations that are kept for P1M are deleted after a minute.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error parse-duration@2.1.9 timestring@7.0.0 @sapphire/duration@1.2.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Duration } from '@sapphire/duration';
import parseDuration from 'parse-duration';
import timestring from 'timestring';

const minutes = (read) => ({ P30D: read('P30D'), P1M: read('P1M') });
const seen = {
  'parse-duration': minutes((text) => parseDuration(text, 'minute')),
  timestring: minutes((text) => timestring(text, 'm')),
  '@sapphire/duration': minutes((text) => new Duration(text).offset / 60_000),
};
console.log(JSON.stringify(seen));
const read = { P30D: 43_200, P1M: 1 };
assert.deepEqual(
  seen,
  { 'parse-duration': read, timestring: read, '@sapphire/duration': read },
  'parse-duration, timestring or @sapphire/duration behaves differently now',
);
EOF
node probe.mjs
