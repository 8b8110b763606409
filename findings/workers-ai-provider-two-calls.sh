#!/usr/bin/env bash
# Package:     workers-ai-provider 4.0.0, ai 7.0.173
# Expected:    Two tool calls that a stream of Workers AI has in one native frame are two calls, as they are without a
#              stream.
# Actual:      They become one call, whose arguments are both JSON texts in a row.
# Output seen: {"plain":[{"city":"Rome"},{"city":"Oslo"}],"streamed":["{\"city\":\"Rome\"}{\"city\":\"Oslo\"}"]}
# Consequence: No tool runs. The stored call has arguments that no parser reads.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error workers-ai-provider@4.0.0 ai@7.0.173 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { generateText, streamText, tool } from 'ai';
import { createWorkersAI } from 'workers-ai-provider';
import { z } from 'zod';

const answer = {
  response: '',
  tool_calls: [
    { name: 'price', arguments: { city: 'Rome' } },
    { name: 'price', arguments: { city: 'Oslo' } },
  ],
};
const run = async (_model, { stream }) =>
  stream ? new Response(`data: ${JSON.stringify(answer)}\n\ndata: [DONE]\n\n`).body : answer;
const model = createWorkersAI({ binding: { run } })('@hf/nousresearch/hermes-2-pro-mistral-7b');
const price = tool({ description: 'Price of a night.', inputSchema: z.object({ city: z.string() }) });
const question = { model, prompt: 'Is Rome or Oslo cheaper?', tools: { price } };
const inputs = (calls) => calls.map(({ input }) => input);
const seen = {
  plain: inputs((await generateText(question)).toolCalls),
  streamed: inputs(await streamText({ ...question, onError: () => {} }).toolCalls),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    plain: [{ city: 'Rome' }, { city: 'Oslo' }],
    streamed: ['{"city":"Rome"}{"city":"Oslo"}'],
  },
  'workers-ai-provider behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
