#!/usr/bin/env bash
# Package:     untruncate-json 0.0.1
# Expected:    A text that is complete JSON comes back as it is.
# Actual:      After an escape such as \u00e9 at the end of a string, a quote is added, or the last brackets are cut
#              off.
# Output seen: ["{\"a\":\"caf\\u00e9\"}\"}","{\"a\":\"caf\\u00e9\",\"b\":[1"]
# Consequence: A finished tool call cannot be parsed, if its city has an accent.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error untruncate-json@0.0.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import untruncate from 'untruncate-json';

const complete = ['{"a":"caf\\u00e9"}', '{"a":"caf\\u00e9","b":[1,2]}'];
const seen = complete.map((text) => (untruncate.default ?? untruncate)(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['{"a":"caf\\u00e9"}"}', '{"a":"caf\\u00e9","b":[1'],
  'untruncate-json behaves differently now',
);
EOF
node probe.mjs
