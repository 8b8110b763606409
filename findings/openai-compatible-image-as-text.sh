#!/usr/bin/env bash
# Package:     @ai-sdk/openai-compatible 3.0.92, ai 7.0.173
# Expected:    An image in a tool's result reaches the model as an image, or the call is refused.
# Actual:      The image goes out as base64 text inside a JSON string, without a warning.
# Output seen: {"type":"string","base64AsText":true,"warnings":0} 40074 characters
# Consequence: The model reads letters instead of a picture. A screenshot of 30 kB becomes 40,000 characters of
#              prompt, which is billed and pushes the conversation out of the context window.
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
const data = Buffer.alloc(30_000, 1).toString('base64');
const call = { toolCallId: 'call_1', toolName: 'screenshot' };
const file = { type: 'file', mediaType: 'image/png', data: { type: 'data', data } };
const result = await generateText({
  model: provider('model'),
  messages: [
    { role: 'user', content: 'Look at the page.' },
    { role: 'assistant', content: [{ type: 'tool-call', ...call, input: {} }] },
    {
      role: 'tool',
      content: [{ type: 'tool-result', ...call, output: { type: 'content', value: [file] } }],
    },
  ],
});
const { content } = sent.messages[2];
const seen = { type: typeof content, base64AsText: content.includes(data), warnings: result.warnings?.length ?? 0 };
console.log(JSON.stringify(seen), content.length, 'characters');
assert.deepEqual(
  seen,
  { type: 'string', base64AsText: true, warnings: 0 },
  '@ai-sdk/openai-compatible behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
