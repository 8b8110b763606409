#!/usr/bin/env bash
# Package:     @mastra/core 1.71.0
# Expected:    `BatchPartsProcessor` with `emitOnNonText: false` sends fewer pieces of text, and the same answer.
# Actual:      The result of the tool and the end of the text are not sent, and the text of the whole answer is empty.
# Output seen: {"without":["Five EUR",["tool-call","tool-result"]],"with":["",["tool-call"]]}
# Consequence: The answer that is stored after the stream is empty, and the screen waits for the tool.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @mastra/core@1.71.0 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Agent } from '@mastra/core/agent';
import { BatchPartsProcessor } from '@mastra/core/processors';
import { createTool } from '@mastra/core/tools';
import { z } from 'zod';

const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
const textOf = (id, ...deltas) => [
  { type: 'text-start', id },
  ...deltas.map((delta) => ({ type: 'text-delta', id, delta })),
  { type: 'text-end', id },
];
const answers = [
  [...textOf('1', 'I ', 'look.'), { type: 'tool-call', toolCallId: 'call_1', toolName: 'price', input: '{}' }],
  textOf('2', 'Five', ' EUR'),
];
const answerOf = async (outputProcessors) => {
  let step = 0;
  const model = {
    specificationVersion: 'v2',
    provider: 'provider',
    modelId: 'model',
    supportedUrls: {},
    doStream: async () => {
      const finish = { type: 'finish', finishReason: step === 0 ? 'tool-calls' : 'stop', usage };
      const chunks = [{ type: 'stream-start', warnings: [] }, ...answers[step++], finish];
      return { stream: ReadableStream.from(chunks) };
    },
  };
  const price = createTool({ id: 'price', description: 'A price.', inputSchema: z.object({}), execute: async () => 5 });
  const agent = new Agent({ id: 'agent', name: 'agent', instructions: 'Help.', model, tools: { price }, outputProcessors });
  const stream = await agent.stream('What is a night?');
  const tools = [];
  for await (const { type } of stream.fullStream) if (type.startsWith('tool-')) tools.push(type);
  return [await stream.text, tools];
};
const seen = {
  without: await answerOf([]),
  with: await answerOf([new BatchPartsProcessor({ batchSize: 5, emitOnNonText: false })]),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { without: ['Five EUR', ['tool-call', 'tool-result']], with: ['', ['tool-call']] },
  '@mastra/core behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
