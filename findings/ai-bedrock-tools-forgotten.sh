#!/usr/bin/env bash
# Package:     @ai-sdk/amazon-bedrock 5.0.101
# Expected:    A request without tools, such as one for a closing answer, has the calls and results of the turns before.
#              A result of the type "error-text" has the status "error" of Bedrock's format.
# Actual:      Without tools, calls and results are left out of the history, with a warning. With tools, an error has no
#              status.
# Output seen: {"tools":{"messages":3,"results":[["toolUseId","content"]],"warnings":0},"none":{"messages":1,"results":[],"warnings":1}}
# Consequence: The model that sums up a booking has not read its price, and makes one up; a refusal reads as a success.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ai-sdk/amazon-bedrock@5.0.101 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';

let sent;
const bedrock = createAmazonBedrock({
  region: 'us-east-1',
  apiKey: 'key',
  fetch: async (_url, init) => {
    sent = JSON.parse(init.body).messages;
    const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    const message = { role: 'assistant', content: [{ text: 'Yes.' }] };
    return Response.json({ output: { message }, stopReason: 'end_turn', usage, metrics: { latencyMs: 1 } });
  },
});
const call = { toolCallId: 'call_1', toolName: 'find' };
const result = { type: 'tool-result', ...call, output: { type: 'error-text', value: 'no seats' } };
const prompt = [
  { role: 'user', content: [{ type: 'text', text: 'Rome?' }] },
  { role: 'assistant', content: [{ type: 'tool-call', ...call, input: {} }] },
  { role: 'tool', content: [result] },
];
const find = { type: 'function', name: 'find', inputSchema: { type: 'object', properties: {} } };
const ask = async (options) => {
  const { warnings } = await bedrock('anthropic.claude-3-haiku-20240307-v1:0').doGenerate({ prompt, ...options });
  const results = sent.flatMap((message) => message.content.filter((part) => part.toolResult));
  return { messages: sent.length, results: results.map((part) => Object.keys(part.toolResult)), warnings: warnings.length };
};
const seen = { tools: await ask({ tools: [find] }), none: await ask({}) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    tools: { messages: 3, results: [['toolUseId', 'content']], warnings: 0 },
    none: { messages: 1, results: [], warnings: 1 },
  },
  '@ai-sdk/amazon-bedrock behaves differently now',
);
EOF
node probe.mjs
