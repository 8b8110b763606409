#!/usr/bin/env bash
# Package:     json-bigint 1.0.0
# Expected:    Large integers become big numbers; fractions stay JavaScript numbers.
# Actual:      The library decides by the length of the text. A fraction with more than 15 characters becomes a
#              BigNumber object, with storeAsString a string, and with useNativeBigInt parse() throws.
# Output seen: {"types":["number","object"],"asString":["number","string"],"native":"SyntaxError"}
# Consequence: Embeddings and log probabilities change their type from element to element. Sums join
#              strings, and typeof checks drop values.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error json-bigint@1.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import jsonBigint from 'json-bigint';

const embedding = '[0.25,-0.01234567890123]';
const types = (values) => values.map((value) => typeof value);
let native = 'parsed';
try {
  jsonBigint({ useNativeBigInt: true }).parse(embedding);
} catch (error) {
  native = error.name;
}
const seen = {
  types: types(jsonBigint.parse(embedding)),
  asString: types(jsonBigint({ storeAsString: true }).parse(embedding)),
  native,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { types: ['number', 'object'], asString: ['number', 'string'], native: 'SyntaxError' },
  'json-bigint behaves differently now',
);
EOF
node probe.mjs
