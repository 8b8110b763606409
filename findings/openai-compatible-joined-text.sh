#!/usr/bin/env bash
# Package:     @ai-sdk/openai-compatible 3.0.92, ai 7.0.173
# Expected:    Two text parts of an assistant's message stay two parts, or a line break joins them.
# Actual:      They are joined with nothing between, and text after a tool call moves in front of the call.
# Output seen: {"content":"The total is 12All done.","tool_calls":1}
# Consequence: The model reads its own earlier answer with words and numbers run together, in an order that it
#              did not write.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ai-sdk/openai-compatible@3.0.92 ai@7.0.173 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';

let sent;
const provider = createOpenAICompatible({
  name: 'local',
  baseURL: 'http://model.invalid/v1',
  fetch: async (_url, init) => {
    sent = JSON.parse(init.body);
    const message = { role: 'assistant', content: 'ok' };
    return Response.json({ choices: [{ index: 0, message, finish_reason: 'stop' }] });
  },
});
const call = { toolCallId: 'call_1', toolName: 'book' };
await generateText({
  model: provider('model'),
  messages: [
    { role: 'user', content: 'Book it.' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'The total is 12' },
        { type: 'tool-call', ...call, input: {} },
        { type: 'text', text: 'All done.' },
      ],
    },
    {
      role: 'tool',
      content: [{ type: 'tool-result', ...call, output: { type: 'text', value: 'booked' } }],
    },
    { role: 'user', content: 'Thanks.' },
  ],
});
const { content, tool_calls } = sent.messages[1];
const seen = { content, tool_calls: tool_calls.length };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { content: 'The total is 12All done.', tool_calls: 1 },
  '@ai-sdk/openai-compatible behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
