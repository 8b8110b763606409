#!/usr/bin/env bash
# Package:     @opentelemetry/instrumentation-openai 0.22.0, openai 6.49.0
# Expected:    Instrumentation changes nothing for the program. A stream that the program leaves early has a span, too.
# Actual:      With it `chat.completions.parse()` fails: the answer's body was read before. A stream that is left early
#              has no span.
# Output seen: {"parse":{"without":"{\"ok\":true}","with":"Body is unusable: Body has already been read"},"spans":{"create":1,"left early":0}}
# Consequence: Structured answers fail once tracing is switched on. Stopped answers are in no trace.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @opentelemetry/instrumentation-openai@0.22.0 openai@6.49.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');
let ended = 0;
const span = {
  end: () => (ended += 1),
  isRecording: () => true,
  setAttribute() {},
  setAttributes() {},
  setStatus() {},
  spanContext() {},
};
const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider({ getTracer: () => ({ startSpan: () => span }) });
instrumentation.setMeterProvider({ getMeter: () => ({ createHistogram: () => ({ record() {} }) }) });
const { OpenAI } = require('openai');

const message = { role: 'assistant', content: '{"ok":true}' };
const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ id: '1', model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const stream = `${chunk({ content: 'Hel' })}${chunk({ content: 'lo' })}${chunk({}, 'stop')}data: [DONE]\n\n`;
const fetch = async (_url, { body }) =>
  JSON.parse(body).stream
    ? new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
    : Response.json({ id: '1', model: 'm', choices: [{ index: 0, finish_reason: 'stop', message }] });
const { completions } = new OpenAI({ apiKey: 'key', fetch }).chat;
const question = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const parse = () => completions.parse(question).then(({ choices }) => choices[0].message.content, ({ message }) => message);
const spans = async (ask) => {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 200));
  await settle();
  ended = 0;
  await ask();
  await settle();
  return ended;
};

instrumentation.disable();
const seen = { parse: { without: await parse() } };
instrumentation.enable();
seen.parse.with = await parse();
seen.spans = {
  create: await spans(() => completions.create(question)),
  'left early': await spans(async () => {
    for await (const _chunk of await completions.create({ ...question, stream: true })) break;
  }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    parse: { without: '{"ok":true}', with: 'Body is unusable: Body has already been read' },
    spans: { create: 1, 'left early': 0 },
  },
  '@opentelemetry/instrumentation-openai behaves differently now',
);
EOF
node probe.mjs
