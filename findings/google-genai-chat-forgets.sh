#!/usr/bin/env bash
# Package:     @google/genai 2.32.0, Chat
# Expected:    The chat's history holds the question and the streamed answer, and both go along with the next question.
# Actual:      A last chunk without parts, which carries the finish reason or the token counts, makes the answer
#              invalid. Its text is dropped from the history, and the next request has neither question nor answer.
# Output seen: {"streamed":"Nice to meet you, Ada.","nextRequest":["What is my name?"]}
# Consequence: The reader saw the answer, and the model forgets the turn, without an error.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @google/genai@2.32.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { GoogleGenAI } from '@google/genai';

const chunks = [
  { candidates: [{ content: { role: 'model', parts: [{ text: 'Nice to meet you, ' }] } }] },
  { candidates: [{ content: { role: 'model', parts: [{ text: 'Ada.' }] } }] },
  { candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }], usageMetadata: { totalTokenCount: 9 } },
];
let sent;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  sent = JSON.parse(body);
  response.setHeader('content-type', 'text/event-stream');
  response.end(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(''));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${server.address().port}`;
const chat = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl } }).chats.create({ model: 'model' });
let streamed = '';
for await (const chunk of await chat.sendMessageStream({ message: 'I am Ada.' })) streamed += chunk.text ?? '';
for await (const _chunk of await chat.sendMessageStream({ message: 'What is my name?' }));
const seen = {
  streamed,
  nextRequest: sent.contents.flatMap(({ parts }) => parts.map(({ text }) => text)),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { streamed: 'Nice to meet you, Ada.', nextRequest: ['What is my name?'] },
  '@google/genai behaves differently now',
);
process.exit();
EOF
node probe.mjs
