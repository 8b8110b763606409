#!/usr/bin/env bash
# Package:     llm-polyglot 3.0.0, @anthropic-ai/sdk 0.33.1
# Expected:    With the provider "anthropic", a tool's result of OpenAI's form goes out as a `tool_result`, and a stream
#              has a tool call as a tool call.
# Actual:      The result is left out, and the call goes out in OpenAI's form. In a stream the arguments of a call are
#              the text of the answer, and the finish reason is "stop". The README shows tools with Anthropic, and has
#              a cross there in a table.
# Output seen: {"roles":["user","assistant","user"],"isResultSent":false,"text":"Let me see.{\"city\":\"Rome\"}","calls":0,"end":"stop"}
# Consequence: A chat that is continued has lost what its tools found, and users read JSON.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error llm-polyglot@3.0.0 @anthropic-ai/sdk@0.33.1 @google/generative-ai@0.21.0 openai@6.49.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import http from 'node:http';
import { createLLMClient } from 'llm-polyglot';

const usage = { input_tokens: 10, output_tokens: 5 };
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [], usage };
const call = { type: 'tool_use', id: 't1', name: 'find', input: {} };
const events = [
  { type: 'message_start', message },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Let me see.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: call },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city":"Rome"}' } },
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage },
  { type: 'message_stop' },
];
const bodies = [];
const server = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    bodies.push(JSON.parse(Buffer.concat(pieces).toString()));
    response.setHeader('content-type', 'text/event-stream');
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
process.env.ANTHROPIC_BASE_URL = `http://127.0.0.1:${server.address().port}`;
const client = createLLMClient({ provider: 'anthropic', apiKey: 'key' });
const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const stream = await client.chat.completions.create({
  model: 'claude',
  max_tokens: 100,
  stream: true,
  tools: [{ type: 'function', function: { name: 'find', parameters } }],
  messages: [
    { role: 'user', content: 'A flight to Oslo?' },
    {
      role: 'assistant',
      content: 'I look.',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: '{"city":"Oslo"}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'LH 4711' },
    { role: 'user', content: 'And to Rome?' },
  ],
});
let text = '';
let calls = 0;
let end;
for await (const { choices } of stream) {
  text += choices[0].delta.content ?? '';
  calls += choices[0].delta.tool_calls?.length ?? 0;
  end = choices[0].finish_reason ?? end;
}
const [{ messages }] = bodies;
const seen = {
  roles: messages.map(({ role }) => role),
  isResultSent: JSON.stringify(messages).includes('LH 4711'),
  text,
  calls,
  end,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { roles: ['user', 'assistant', 'user'], isResultSent: false, text: 'Let me see.{"city":"Rome"}', calls: 0, end: 'stop' },
  'llm-polyglot behaves differently now',
);
process.exit(0);
EOF
node probe.mjs
