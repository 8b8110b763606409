#!/usr/bin/env bash
# Package:     @arizeai/openinference-instrumentation-openai 4.2.7, openai 7.59.0
# Expected:    The span of a streamed chat completion has the tokens of the stream's last chunk, as a plain one has them,
#              and as a streamed response has them.
# Actual:      It has none.
# Output seen: {"plain":[1,2],"streamed":[],"streamed response":[1,2]}
# Consequence: A dashboard of costs counts nothing for streamed chats.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @arizeai/openinference-instrumentation-openai@4.2.7 openai@7.59.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import OpenAI from 'openai';

let attributes = {};
const span = {
  end() {},
  isRecording: () => true,
  recordException() {},
  setAttribute: (name, value) => Object.assign(attributes, { [name]: value }),
  setAttributes: (more) => Object.assign(attributes, more),
  setStatus() {},
  spanContext: () => ({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 }),
};
const tracerProvider = { getTracer: () => ({ startSpan: () => span }) };
new OpenAIInstrumentation({ tracerProvider }).manuallyInstrument(OpenAI);

const message = { role: 'assistant', content: 'Hello' };
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const plain = { id: '1', model: 'm', choices: [{ index: 0, finish_reason: 'stop', message }], usage };
const chunks = [
  { id: '1', model: 'm', choices: [{ index: 0, delta: message, finish_reason: null }] },
  { id: '1', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  { id: '1', model: 'm', choices: [], usage },
];
const counted = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
const response = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output: [], usage: counted };
const event = { type: 'response.completed', sequence_number: 0, response };
const events = (list) =>
  new Response(list.map((each) => `data: ${typeof each === 'string' ? each : JSON.stringify(each)}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });
const fetch = async (url, { body }) => {
  if (String(url).endsWith('/responses')) return events([event]);
  return JSON.parse(body).stream ? events([...chunks, '[DONE]']) : Response.json(plain);
};
const client = new OpenAI({ apiKey: 'key', fetch });
const tokens = async (ask) => {
  attributes = {};
  const answer = await ask();
  if (Symbol.asyncIterator in answer) for await (const _each of answer);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return [attributes['llm.token_count.prompt'], attributes['llm.token_count.completion']].filter((n) => n !== undefined);
};
const question = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const streamed = { ...question, stream: true, stream_options: { include_usage: true } };
const seen = {
  plain: await tokens(() => client.chat.completions.create(question)),
  streamed: await tokens(() => client.chat.completions.create(streamed)),
  'streamed response': await tokens(() => client.responses.create({ model: 'm', input: 'hi', stream: true })),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { plain: [1, 2], streamed: [], 'streamed response': [1, 2] },
  '@arizeai/openinference-instrumentation-openai behaves differently now',
);
EOF
node probe.mjs
