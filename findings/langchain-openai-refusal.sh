#!/usr/bin/env bash
# Package:     @langchain/openai 1.6.0
# Expected:    A refusal, which OpenAI sends in `message.refusal`, is in the content or in additional_kwargs.
# Actual:      It is dropped, streamed or not: the message is empty and looks like a normal end.
# Output seen: {"content":"","refusal":null,"finish":"stop"} for both
# Consequence: The user sees an empty answer, and the stored conversation does not say that the model refused.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/openai@1.6.0 @langchain/core@1.4.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { ChatOpenAI } from '@langchain/openai';

const refusal = 'I cannot help with that.';
const frame = (choice) =>
  `data: ${JSON.stringify({ id: 'chatcmpl_1', object: 'chat.completion.chunk', model: 'model', choices: [choice] })}\n\n`;
const streamed =
  frame({ index: 0, delta: { role: 'assistant', content: null, refusal: '' }, finish_reason: null }) +
  frame({ index: 0, delta: { refusal }, finish_reason: null }) +
  frame({ index: 0, delta: {}, finish_reason: 'stop' }) +
  'data: [DONE]\n\n';
const whole = {
  id: 'chatcmpl_1',
  object: 'chat.completion',
  model: 'model',
  choices: [{ index: 0, message: { role: 'assistant', content: null, refusal }, finish_reason: 'stop' }],
};
const model = new ChatOpenAI({
  model: 'model',
  apiKey: 'key',
  configuration: {
    baseURL: 'http://model.invalid/v1',
    fetch: async (_url, init) =>
      JSON.parse(init.body).stream
        ? new Response(streamed, { headers: { 'content-type': 'text/event-stream' } })
        : Response.json(whole),
  },
});
const shape = ({ content, additional_kwargs, response_metadata }) => ({
  content,
  refusal: additional_kwargs.refusal ?? null,
  finish: response_metadata.finish_reason,
});
let joined;
for await (const chunk of await model.stream('x')) joined = joined?.concat(chunk) ?? chunk;
const seen = { invoke: shape(await model.invoke('x')), stream: shape(joined) };
console.log(JSON.stringify(seen));
const lost = { content: '', refusal: null, finish: 'stop' };
assert.deepEqual(seen, { invoke: lost, stream: lost }, '@langchain/openai behaves differently now');
EOF
node_modules/.bin/node probe.mjs
