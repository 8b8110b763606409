#!/usr/bin/env bash
# Package:     token.js 0.7.1
# Expected:    The usage of an answer of Anthropic counts the whole prompt in `prompt_tokens`, as OpenAI does, and a
#              stream with `include_usage` has it too.
# Actual:      Tokens of the cache are left out, and a stream has no usage at all, without an error.
# Output seen: {"answer":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15},"usages":0}, of a prompt with
#              90,010 tokens
# Consequence: The costs of cached prompts are far too low, and those of streamed chats are nothing.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error token.js@0.7.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';

const base = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-3-5-sonnet-20240620' };
const usage = { input_tokens: 10, cache_read_input_tokens: 90_000, output_tokens: 5 };
const text = { type: 'text', text: 'Hello' };
const events = [
  { type: 'message_start', message: { ...base, content: [], stop_reason: null, usage } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
  { type: 'message_stop' },
];
const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  const streams = JSON.parse(body).stream;
  response.setHeader('content-type', streams ? 'text/event-stream' : 'application/json');
  response.end(
    streams
      ? events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
      : JSON.stringify({ ...base, content: [text], stop_reason: 'end_turn', usage }),
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
// The service is the server above.
https.request = ({ method, headers, path }, done) =>
  http.request({ method, headers, path, host: '127.0.0.1', port: server.address().port }, done);

const { TokenJS } = createRequire(import.meta.url)('token.js');
const client = new TokenJS({ apiKey: 'key' });
const request = { provider: 'anthropic', model: base.model, messages: [{ role: 'user', content: 'Hi' }] };
const { usage: answer } = await client.chat.completions.create({ ...request });
const stream = await client.chat.completions.create({
  ...request,
  stream: true,
  stream_options: { include_usage: true },
});
let usages = 0;
for await (const chunk of stream) usages += chunk.usage ? 1 : 0;
server.close();
const seen = { answer, usages };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { answer: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }, usages: 0 },
  'token.js behaves differently now',
);
process.exit(0);
EOF
node probe.mjs
