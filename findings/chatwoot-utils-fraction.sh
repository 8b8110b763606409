#!/usr/bin/env bash
# Package:     @chatwoot/utils 0.0.55
# Expected:    coerceToDate() reads a time in seconds with a fraction, as it reads one without.
# Actual:      With a fraction the seconds are taken as milliseconds; as a text they are no date.
# Output seen: {"whole":"2025-06-02T03:22:58.000Z","fraction":"1970-01-21T05:47:14.578Z","text":null}
# Consequence: A conversation that changed today is shown as one of January 1970, at the end of the list.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @chatwoot/utils@0.0.55 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import utils from '@chatwoot/utils';

const read = (value) => utils.coerceToDate(value)?.toISOString() ?? null;
const seen = { whole: read(1748834578), fraction: read(1748834578.123), text: read('1748834578.123') };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { whole: '2025-06-02T03:22:58.000Z', fraction: '1970-01-21T05:47:14.578Z', text: null },
  '@chatwoot/utils behaves differently now',
);
EOF
node probe.mjs
