#!/usr/bin/env bash
# Package:     @langchain/openai 1.6.0
# Expected:    A tool call whose arguments are not JSON is kept in `invalid_tool_calls`. It is sent back with its
#              tool message, so that the model can correct itself.
# Actual:      The call is left out of the next request, and the tool message that answers it stays.
# Output seen: {"received":["call_1","call_2"],"sentBack":["call_2"],"answered":["call_1","call_2"]}
# Consequence: OpenAI refuses a tool message without its call, so the conversation cannot go on.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/openai@1.6.0 @langchain/core@1.4.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';

const requests = [];
const call = (id, text) => ({ id, type: 'function', function: { name: 'find', arguments: text } });
// The output limit cuts the first call's arguments: OpenAI delivers them as they are.
const calls = [call('call_1', '{"city":"Os'), call('call_2', '{"city":"Rome"}')];
const model = new ChatOpenAI({
  model: 'model',
  apiKey: 'key',
  configuration: {
    baseURL: 'http://model.invalid/v1',
    fetch: async (_url, init) => {
      requests.push(JSON.parse(init.body));
      const message = { role: 'assistant', content: null, tool_calls: calls };
      return Response.json({ model: 'model', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] });
    },
  },
});
const question = new HumanMessage('Oslo and Rome?');
const answer = await model.invoke([question]);
await model.invoke([
  question,
  answer,
  new ToolMessage({ content: 'The arguments are not JSON.', tool_call_id: 'call_1' }),
  new ToolMessage({ content: 'sunny', tool_call_id: 'call_2' }),
]);
const { messages } = requests[1];
const seen = {
  received: [...answer.invalid_tool_calls, ...answer.tool_calls].map(({ id }) => id),
  sentBack: messages[1].tool_calls.map(({ id }) => id),
  answered: messages.slice(2).map(({ tool_call_id }) => tool_call_id),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { received: ['call_1', 'call_2'], sentBack: ['call_2'], answered: ['call_1', 'call_2'] },
  '@langchain/openai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
