#!/usr/bin/env bash
# Package:     best-effort-json-parser 1.5.1
# Expected:    Each prefix of valid JSON gives a part of the final value: the list never has more elements.
# Actual:      A number with an exponent becomes two elements while the text is incomplete: 1 and "e5".
#              It goes back to one element when the last bracket arrives.
# Output seen: {"whole":[100000,7],"prefix":[1,"e5",7]}
# Consequence: A streamed tool call shows, or acts on, an element that the model never said, and every later
#              element has the wrong index.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error best-effort-json-parser@1.5.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parse } from 'best-effort-json-parser';

const json = '{"amounts":[1e5,7]}';
const seen = { whole: parse(json).amounts, prefix: parse(json.slice(0, -2)).amounts };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { whole: [100000, 7], prefix: [1, 'e5', 7] },
  'best-effort-json-parser behaves differently now',
);
EOF
node probe.mjs
