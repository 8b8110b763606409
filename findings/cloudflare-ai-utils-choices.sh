#!/usr/bin/env bash
# Package:     @cloudflare/ai-utils 1.0.1
# Expected:    `runWithTools()` runs the tool calls of newer models, which answer with `choices` as OpenAI does; or it
#              fails.
# Actual:      It runs no tool. It asks once more, without tools and with the same messages, and returns that answer.
# Output seen: {"tool ran":0,"requests":[{"messages":1,"tools":true},{"messages":1,"tools":false}]}
# Consequence: The model makes up a price. The question is paid for twice.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @cloudflare/ai-utils@1.0.1 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { runWithTools } from '@cloudflare/ai-utils';

const call = { id: 'call_1', type: 'function', function: { name: 'price', arguments: '{"city":"Rome"}' } };
const answers = [
  { choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }] },
  { choices: [{ index: 0, message: { role: 'assistant', content: '90 EUR' }, finish_reason: 'stop' }] },
];
const requests = [];
const run = async (_model, { messages, tools }) => {
  requests.push({ messages: messages.length, tools: tools !== undefined });
  return answers.shift();
};
let ran = 0;
const price = {
  name: 'price',
  description: 'Price of a night.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  function: async () => {
    ran++;
    return '5 EUR';
  },
};
const messages = [{ role: 'user', content: 'What is a night in Rome?' }];
await runWithTools({ run }, '@cf/openai/gpt-oss-120b', { messages, tools: [price] });
const seen = { 'tool ran': ran, requests };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    'tool ran': 0,
    requests: [
      { messages: 1, tools: true },
      { messages: 1, tools: false },
    ],
  },
  '@cloudflare/ai-utils behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
