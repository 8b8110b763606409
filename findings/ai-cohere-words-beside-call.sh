#!/usr/bin/env bash
# Package:     @ai-sdk/cohere 4.0.52
# Expected:    The words of an answer that stand beside a tool call are sent with it, as other providers of the AI SDK
#              do.
# Actual:      Words beside a call are left out, without a warning; the same words alone are sent.
# Output seen: {"alone":["I keep your window seat.",0],"beside":["no content",0]}
# Consequence: The model does not know what it has promised the user before it called the tool.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ai-sdk/cohere@4.0.52 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createCohere } from '@ai-sdk/cohere';

let sent;
const cohere = createCohere({
  apiKey: 'key',
  fetch: async (_url, init) => {
    sent = JSON.parse(init.body).messages;
    const message = { role: 'assistant', content: [{ type: 'text', text: 'Yes.' }] };
    const usage = { billed_units: { input_tokens: 1, output_tokens: 1 }, tokens: { input_tokens: 1, output_tokens: 1 } };
    return Response.json({ id: 'r', finish_reason: 'COMPLETE', message, usage });
  },
});
const user = (text) => ({ role: 'user', content: [{ type: 'text', text }] });
const words = { type: 'text', text: 'I keep your window seat.' };
const call = { toolCallId: 'call_1', toolName: 'find' };
const ask = async (...prompt) => {
  const { warnings } = await cohere('command-a-03-2025').doGenerate({ prompt: [user('Rome?'), ...prompt] });
  return [sent[1].content ?? 'no content', warnings.length];
};
const result = { type: 'tool-result', ...call, output: { type: 'text', value: '5 seats' } };
const seen = {
  alone: await ask({ role: 'assistant', content: [words] }, user('And?')),
  beside: await ask(
    { role: 'assistant', content: [words, { type: 'tool-call', ...call, input: {} }] },
    { role: 'tool', content: [result] },
  ),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { alone: ['I keep your window seat.', 0], beside: ['no content', 0] },
  '@ai-sdk/cohere behaves differently now',
);
EOF
node probe.mjs
