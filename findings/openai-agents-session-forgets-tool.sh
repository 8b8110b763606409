#!/usr/bin/env bash
# Package:     @openai/agents 0.20.0
# Expected:    A run that fails after a tool has run leaves the user's message, the tool call and its result in the
#              session.
# Actual:      The call and its result are not there. The user's message is there with a stream, and not without one.
# Output seen: {"booked":2,"plain":[],"stream":["user"]}
# Consequence: The booking is made. In the next turn the model knows nothing of it, and books once more.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @openai/agents@0.20.0 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Agent, MemorySession, run, setTracingDisabled, tool, Usage } from '@openai/agents';
import { z } from 'zod';

setTracingDisabled(true);
let booked = 0;
const book = tool({
  name: 'book',
  description: 'Books the room.',
  parameters: z.object({}),
  execute: async () => {
    booked += 1;
    return 'booked';
  },
});
const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
const output = [
  { type: 'function_call', id: 'fc_1', callId: 'call_1', name: 'book', arguments: '{}', status: 'completed' },
];
// Asked again, with the tool's result, the provider is down.
const model = () => {
  let asked = 0;
  const answer = () => {
    asked += 1;
    if (asked > 1) throw new Error('503');
    return output;
  };
  return {
    getResponse: async () => ({ usage: new Usage(usage), output: answer(), responseId: 'resp_1' }),
    async *getStreamedResponse() {
      yield { type: 'response_done', response: { id: 'resp_1', usage, output: answer() } };
    },
  };
};
const itemsAfter = async (stream) => {
  const session = new MemorySession();
  const agent = new Agent({ name: 'agent', model: model(), tools: [book] });
  await assert.rejects(async () => {
    const result = await run(agent, 'Book it.', { session, stream });
    if (stream) {
      for await (const _event of result);
      await result.completed;
    }
  }, /503/);
  return (await session.getItems()).map(({ role, type }) => role ?? type);
};
const plain = await itemsAfter(false);
const seen = { plain, stream: await itemsAfter(true) };
console.log(JSON.stringify({ booked, ...seen }));
assert.deepEqual(
  { booked, ...seen },
  { booked: 2, plain: [], stream: ['user'] },
  '@openai/agents behaves differently now',
);
EOF
node probe.mjs
