#!/usr/bin/env bash
# Package:     @cloudflare/ai-utils 1.0.1
# Expected:    With `strictValidation`, a call whose arguments do not fit is answered with what is wrong. Words beside
#              a call stay.
# Actual:      The call stays without an answer, and the model may not call again. The words "I look." are dropped.
# Output seen: [{"role":"user","content":"What is a
#              night?"},{"role":"assistant","content":"{\"name\":\"price\",\"arguments\":{\"city\":5}}"}] and then no
#              tools
# Consequence: The model cannot mend its call. It answers without the tool, and the user reads a guess.
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

const answers = [
  { response: 'I look.', tool_calls: [{ name: 'price', arguments: { city: 5 } }] },
  { response: 'Some 90 EUR.' },
];
const requests = [];
const run = async (_model, { messages, tools }) => {
  requests.push({ messages: structuredClone(messages), tools: tools?.length });
  return answers.shift();
};
const price = {
  name: 'price',
  description: 'Price of a night.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  function: async ({ city }) => `${city}: 5 EUR`,
};
const messages = [{ role: 'user', content: 'What is a night?' }];
const tools = [price];
await runWithTools({ run }, '@hf/nousresearch/hermes-2-pro-mistral-7b', { messages, tools }, { strictValidation: true });
const seen = requests.at(-1);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    messages: [
      { role: 'user', content: 'What is a night?' },
      { role: 'assistant', content: '{"name":"price","arguments":{"city":5}}' },
    ],
    tools: undefined,
  },
  '@cloudflare/ai-utils behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
