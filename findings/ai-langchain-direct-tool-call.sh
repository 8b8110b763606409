#!/usr/bin/env bash
# Package:     @ai-sdk/langchain 3.0.99, @langchain/core 1.4.0
# Expected:    `toUIMessageStream()` of a model's stream gives the text and the tool call, as it does for a graph's
#              stream.
# Actual:      The tool call is dropped, without an error.
# Output seen: {"model":["text-delta"],"graph":["text-delta","tool-input-start","tool-input-delta"]}
# Consequence: The chat shows and stores an answer that ends before the tool, and the next turn cannot give its result.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ai-sdk/langchain@3.0.99 @langchain/core@1.4.0 @langchain/langgraph@1.7.3 ai@7.0.173 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { toUIMessageStream } from '@ai-sdk/langchain';
import { AIMessageChunk } from '@langchain/core/messages';

const chunks = [
  new AIMessageChunk({ id: 'msg_1', content: 'I look.' }),
  new AIMessageChunk({ id: 'msg_1', content: '', tool_call_chunks: [{ index: 0, id: 'call_1', name: 'find', args: '{"to":' }] }),
  new AIMessageChunk({ id: 'msg_1', content: '', tool_call_chunks: [{ index: 0, args: '"LIS"}' }] }),
];
const types = async (parts) => {
  const found = new Set();
  for await (const { type } of toUIMessageStream(ReadableStream.from(parts))) found.add(type);
  return [...found].filter((type) => /^(?:text-delta|tool)/.test(type));
};
const seen = {
  model: await types(chunks),
  graph: await types(chunks.map((chunk) => ['messages', [chunk, { langgraph_step: 1 }]])),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { model: ['text-delta'], graph: ['text-delta', 'tool-input-start', 'tool-input-delta'] },
  '@ai-sdk/langchain behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
