#!/usr/bin/env bash
# Package:     partial-json-parser 1.2.2
# Expected:    JSON that is complete is parsed, with null in it.
# Actual:      A null is an "Invalid token".
# Output seen: ["{\"a\":true}","Invalid token:","Invalid token:"]
# Consequence: Optional arguments of a tool, which models send as null, break the call.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error partial-json-parser@1.2.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import partialParse from 'partial-json-parser';

const parse = partialParse.default ?? partialParse;
const seen = ['{"a":true}', '{"a":null}', '{"city":"Rome","hotel":null}'].map((text) => {
  try {
    return JSON.stringify(parse(text));
  } catch (error) {
    return error.message.trim();
  }
});
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['{"a":true}', 'Invalid token:', 'Invalid token:'], 'partial-json-parser behaves differently now');
EOF
node probe.mjs
