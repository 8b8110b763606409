#!/usr/bin/env bash
# Package:     openai 7.59.0
# Expected:    A response has `output_text`, by its type: from a stream and from `cancel()` as from `create()`.
# Actual:      `create()`, `retrieve()` and `finalResponse()` fill it in. In the event `response.completed` of a stream,
#              and in the result of `cancel()`, it is undefined.
# Output seen: {"create":"Hello","retrieve":"Hello","event":null,"finalResponse":"Hello","cancel":null}
# Consequence: A streamed answer is stored as nothing. The type checker sees a string.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error openai@7.59.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const content = [{ type: 'output_text', text: 'Hello', annotations: [] }];
const output = [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }];
const response = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output };
const events = [
  { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
  { type: 'response.completed', response },
];
const stream = events.map((event, n) => `data: ${JSON.stringify({ ...event, sequence_number: n })}\n\n`).join('');
const fetch = async (_url, { body }) =>
  body && JSON.parse(body).stream
    ? new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
    : Response.json(response);
const { responses } = new OpenAI({ apiKey: 'key', fetch });

const question = { model: 'm', input: 'hi' };
const seen = {
  create: (await responses.create(question)).output_text,
  retrieve: (await responses.retrieve('resp_1')).output_text,
};
for await (const event of await responses.create({ ...question, stream: true }))
  if (event.type === 'response.completed') seen.event = event.response.output_text ?? null;
seen.finalResponse = (await responses.stream(question).finalResponse()).output_text;
seen.cancel = (await responses.cancel('resp_1')).output_text ?? null;
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { create: 'Hello', retrieve: 'Hello', event: null, finalResponse: 'Hello', cancel: null },
  'openai behaves differently now',
);
EOF
node probe.mjs
