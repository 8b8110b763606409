#!/usr/bin/env bash
# Package:     @langchain/openai 1.6.0
# Expected:    Servers such as vLLM can send the usage so far in each chunk. The joined message has the last one.
# Actual:      `usage_metadata` is right. `response_metadata.usage` is the sum of all chunks.
# Output seen: {"usage_metadata":7,"response_metadata":27}
# Consequence: A log or a bill made of the response's metadata counts the prompt once per chunk: a thousand times
#              for a long answer.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/openai@1.6.0 @langchain/core@1.4.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { ChatOpenAI } from '@langchain/openai';

const frame = (choices, completion_tokens) => {
  const usage = { prompt_tokens: 5, completion_tokens, total_tokens: 5 + completion_tokens };
  const chunk = { id: 'chatcmpl_1', object: 'chat.completion.chunk', model: 'model', choices, usage };
  return `data: ${JSON.stringify(chunk)}\n\n`;
};
const delta = (value, finish_reason = null) => [{ index: 0, delta: value, finish_reason }];
const body =
  frame(delta({ role: 'assistant', content: 'Good' }), 1) +
  frame(delta({ content: ' day' }), 2) +
  frame(delta({}, 'stop'), 2) +
  frame([], 2) +
  'data: [DONE]\n\n';
const model = new ChatOpenAI({
  model: 'model',
  apiKey: 'key',
  configuration: {
    baseURL: 'http://model.invalid/v1',
    fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
  },
});
let joined;
for await (const chunk of await model.stream('x')) joined = joined?.concat(chunk) ?? chunk;
const seen = {
  usage_metadata: joined.usage_metadata.total_tokens,
  response_metadata: joined.response_metadata.usage.total_tokens,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { usage_metadata: 7, response_metadata: 27 },
  '@langchain/openai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
