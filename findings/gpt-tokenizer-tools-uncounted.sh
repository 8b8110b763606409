#!/usr/bin/env bash
# Package:     gpt-tokenizer 4.0.0 (openai-chat-tokens 0.2.8 does the same)
# Expected:    `countChatCompletionTokens()` counts the tools and the tool calls of a request.
# Actual:      It counts the old `functions` and `function_call`. `tools` and `tool_calls` count as nothing, without
#              an error.
# Output seen: {"functions":1041,"tools":8,"function_call":1020,"tool_calls":12}
# Consequence: A history with tool calls is taken as short, and is not trimmed before the model's limit.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error gpt-tokenizer@4.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { countChatCompletionTokens } from 'gpt-tokenizer/model/gpt-4o';

const long = 'word '.repeat(1000).trim();
const question = { role: 'user', content: 'hi' };
const book = {
  name: 'book',
  description: 'd',
  parameters: { type: 'object', properties: { a: { type: 'string', description: long } } },
};
const call = { name: 'book', arguments: JSON.stringify({ a: long }) };
const answer = { role: 'assistant', content: '' };
const tool_calls = [{ id: 'call_1', type: 'function', function: call }];
const seen = {
  functions: countChatCompletionTokens({ messages: [question], functions: [book] }),
  tools: countChatCompletionTokens({ messages: [question], tools: [{ type: 'function', function: book }] }),
  function_call: countChatCompletionTokens({ messages: [question, { ...answer, function_call: call }] }),
  tool_calls: countChatCompletionTokens({ messages: [question, { ...answer, tool_calls }] }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { functions: 1041, tools: 8, function_call: 1020, tool_calls: 12 },
  'gpt-tokenizer behaves differently now',
);
EOF
node probe.mjs
