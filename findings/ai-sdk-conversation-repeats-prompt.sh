#!/usr/bin/env bash
# Package:     @ai-sdk/openai 4.0.118, ai 7.0.173
# Expected:    With `conversation` the server keeps the history: the step after a tool call sends the tool's result alone.
# Actual:      Each step also sends the user's prompt, and the results of all earlier steps, once more.
# Output seen: ["Weather?"] | ["Weather?","sunny"] | ["Weather?","sunny","cold"]
# Consequence: The conversation on the server has the prompt once for each step, and results of the same call twice.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ai-sdk/openai@4.0.118 ai@7.0.173 zod@4.6.7 node@24.21.0 >/dev/null
cat >probe.mjs <<'JS'
import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, isStepCount, tool } from 'ai';
import { z } from 'zod';

const cities = ['Paris', 'Oslo'];
const seen = [];
const provider = createOpenAI({
  apiKey: 'none',
  baseURL: 'http://model.invalid/v1',
  fetch: async (_url, init) => {
    const { input } = JSON.parse(init.body);
    seen.push(input.map(({ content, output }) => output ?? content[0].text));
    const city = cities[seen.length - 1];
    const id = `${seen.length}`;
    const text = { type: 'output_text', text: 'Done.', annotations: [], logprobs: [] };
    const item = city
      ? { type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, name: 'weather', arguments: JSON.stringify({ city }), status: 'completed' }
      : { type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content: [text] };
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
    return Response.json({ id: `resp_${id}`, object: 'response', created_at: 1, status: 'completed', model: 'model', output: [item], usage });
  },
});
await generateText({
  model: provider.responses('gpt-4.1'),
  prompt: 'Weather?',
  stopWhen: isStepCount(3),
  tools: {
    weather: tool({
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => (city === 'Paris' ? 'sunny' : 'cold'),
    }),
  },
  providerOptions: { openai: { conversation: 'conv_1' } },
});
console.log(seen.map((each) => JSON.stringify(each)).join(' | '));
assert.deepEqual(
  seen,
  [['Weather?'], ['Weather?', 'sunny'], ['Weather?', 'sunny', 'cold']],
  '@ai-sdk/openai behaves differently now',
);
JS
node_modules/.bin/node probe.mjs
