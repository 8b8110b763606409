#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0, JsonOutputParser
# Expected:    An answer that is valid JSON is parsed as it is. Code fences matter around the JSON, not inside a string.
# Actual:      The parser takes what stands between the first two fences. parse() throws. In a stream the last value
#              has the field empty, without an error.
# Output seen: {"parse":"SyntaxError","stream":{"title":"Hello","code":""}}
# Consequence: An assistant that answers with code in a JSON field works until it uses a fence; then the code is
#              missing from the stored result.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { JsonOutputParser } from '@langchain/core/output_parsers';

const answer = JSON.stringify({ title: 'Hello', code: '```js\nalert(1)\n```' });
const parser = new JsonOutputParser();
async function* words() {
  yield* answer.match(/.{1,5}/gs);
}
let last;
for await (const value of parser.transform(words())) last = value;
const parse = await parser.parse(answer).then(
  () => 'parsed',
  (error) => error.name,
);
const seen = { parse, stream: last };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { parse: 'SyntaxError', stream: { title: 'Hello', code: '' } },
  '@langchain/core behaves differently now',
);
EOF
node probe.mjs
