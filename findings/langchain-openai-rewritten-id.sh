#!/usr/bin/env bash
# Package:     @langchain/openai 1.6.0
# Expected:    A tool call goes back to the model as the model wrote it; the raw text is in additional_kwargs.
# Actual:      The text is parsed and written again: a 64-bit id in the arguments is another id in the history.
# Output seen: {"model":"{\"order\":9007199254740993}","sentBack":"{\"order\":9007199254740992}"}
# Consequence: In the next step the model reads, and repeats to the user, an order number that does not exist.
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

const written = '{"order":9007199254740993}';
const requests = [];
const model = new ChatOpenAI({
  model: 'model',
  apiKey: 'key',
  configuration: {
    baseURL: 'http://model.invalid/v1',
    fetch: async (_url, init) => {
      requests.push(JSON.parse(init.body));
      const call = { id: 'call_1', type: 'function', function: { name: 'find', arguments: written } };
      const message = { role: 'assistant', content: null, tool_calls: [call] };
      return Response.json({ model: 'model', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] });
    },
  },
});
const question = new HumanMessage('Where is my order?');
const answer = await model.invoke([question]);
await model.invoke([question, answer, new ToolMessage({ content: 'sent', tool_call_id: 'call_1' })]);
const seen = { model: written, sentBack: requests[1].messages[1].tool_calls[0].function.arguments };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { model: written, sentBack: '{"order":9007199254740992}' },
  '@langchain/openai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
