#!/usr/bin/env bash
# Package:     @openai/agents 0.20.0
# Expected:    A tool's result reaches the model as JSON, with all its fields.
# Actual:      A result whose `type` happens to be "text", "image" or "file" is taken as a part of a message: its
#              other fields are dropped. With any other `type` all of them are sent.
# Output seen: {"text":[{"type":"input_text","text":"Check-in is at 15:00."}],"note":{"type":"text","text":"[{\"type\":\"note\",\"text\":\"Check-in is at 15:00.\",\"source\":\"page 4\"}]"}}
# Consequence: Search results lose their source, so that the model cannot cite it. An object of a store loses its id.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @openai/agents@0.20.0 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Agent, run, setTracingDisabled, tool, Usage } from '@openai/agents';
import { z } from 'zod';

setTracingDisabled(true);
const resultOf = async (type) => {
  const search = tool({
    name: 'search',
    description: 'Searches the rules of the house.',
    parameters: z.object({}),
    execute: async () => [{ type, text: 'Check-in is at 15:00.', source: 'page 4' }],
  });
  const usage = new Usage({ inputTokens: 1, outputTokens: 1, totalTokens: 2 });
  const call = { type: 'function_call', id: 'fc_1', callId: 'call_1', name: 'search', arguments: '{}' };
  const content = [{ type: 'output_text', text: 'At three.' }];
  const answer = { type: 'message', role: 'assistant', status: 'completed', content };
  const inputs = [];
  const model = {
    getResponse: async ({ input }) => {
      inputs.push(input);
      return { usage, output: inputs.length === 1 ? [{ ...call, status: 'completed' }] : [answer] };
    },
  };
  await run(new Agent({ name: 'agent', model, tools: [search] }), 'When can I come?');
  return inputs[1].at(-1).output;
};
const seen = { text: await resultOf('text'), note: await resultOf('note') };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    text: [{ type: 'input_text', text: 'Check-in is at 15:00.' }],
    note: { type: 'text', text: '[{"type":"note","text":"Check-in is at 15:00.","source":"page 4"}]' },
  },
  '@openai/agents behaves differently now',
);
EOF
node probe.mjs
