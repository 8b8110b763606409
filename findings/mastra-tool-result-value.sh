#!/usr/bin/env bash
# Package:     @mastra/core 1.71.0
# Expected:    A tool's result reaches the model with all its fields.
# Actual:      An object that has a field `value` is reduced to it. The stored message still has the whole object.
# Output seen: {"value":{"type":"json","value":5},"amount":{"type":"json","value":{"amount":5,"currency":"EUR"}}}
# Consequence: The model reads 5 where the tool said 5 EUR, and guesses the currency. The stored conversation does not
#              show why.
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
import { createTool } from '@mastra/core/tools';
import { z } from 'zod';

const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
const resultOf = async (returned) => {
  const prompts = [];
  const model = {
    specificationVersion: 'v2',
    provider: 'provider',
    modelId: 'model',
    supportedUrls: {},
    doGenerate: async ({ prompt }) => {
      prompts.push(prompt);
      const first = prompts.length === 1;
      return {
        content: first
          ? [{ type: 'tool-call', toolCallId: 'call_1', toolName: 'price', input: '{}' }]
          : [{ type: 'text', text: 'Five.' }],
        finishReason: first ? 'tool-calls' : 'stop',
        usage,
        warnings: [],
      };
    },
  };
  model.doStream = async (options) => {
    const { content, finishReason } = await model.doGenerate(options);
    const parts = content.flatMap((part) =>
      part.type === 'text'
        ? [
            { type: 'text-start', id: '1' },
            { type: 'text-delta', id: '1', delta: part.text },
            { type: 'text-end', id: '1' },
          ]
        : [part],
    );
    const chunks = [{ type: 'stream-start', warnings: [] }, ...parts, { type: 'finish', finishReason, usage }];
    return { stream: ReadableStream.from(chunks) };
  };
  const price = createTool({
    id: 'price',
    description: 'The price of a night.',
    inputSchema: z.object({}),
    execute: async () => returned,
  });
  const agent = new Agent({ id: 'agent', name: 'agent', instructions: 'Help.', model, tools: { price } });
  await agent.generate('What is a night?');
  return prompts[1].at(-1).content[0].output;
};
const seen = {
  value: await resultOf({ value: 5, currency: 'EUR' }),
  amount: await resultOf({ amount: 5, currency: 'EUR' }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    value: { type: 'json', value: 5 },
    amount: { type: 'json', value: { amount: 5, currency: 'EUR' } },
  },
  '@mastra/core behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
