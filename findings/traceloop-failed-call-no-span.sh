#!/usr/bin/env bash
# Package:     @traceloop/instrumentation-openai 0.27.0, openai 6.49.0
# Expected:    A call that the provider refuses is a span with an error, as a call that it answers is a span.
# Actual:      The call that fails has no span at all: its span is begun, and never ended.
# Output seen: ["chat gpt-5 begun","chat gpt-5 ended","chat gpt-5 begun"]
# Consequence: A dashboard of errors shows none, and cost and latency are those of the good calls alone.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --legacy-peer-deps --no-audit --no-fund --loglevel=error @traceloop/instrumentation-openai@0.27.0 openai@6.49.0 @opentelemetry/api@1.10.0 @opentelemetry/sdk-trace-base@2.12.1 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';

const seen = [];
const processor = {
  onStart: ({ name }) => void seen.push(`${name} begun`),
  onEnd: ({ name }) => void seen.push(`${name} ended`),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
const instrumentation = new OpenAIInstrumentation({ enrichTokens: false });
instrumentation.setTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
instrumentation.enable();
const { OpenAI } = createRequire(import.meta.url)('openai');

const answer = {
  id: 'chatcmpl_1',
  object: 'chat.completion',
  model: 'gpt-5',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
};
let status = 200;
const client = new OpenAI({
  apiKey: 'key',
  baseURL: 'http://model.invalid/v1',
  maxRetries: 0,
  fetch: async () =>
    status === 200 ? Response.json(answer) : Response.json({ error: { message: 'No.' } }, { status }),
});
const ask = () =>
  client.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] });
await ask();
status = 400;
const failure = await ask().catch((error) => error);
assert.equal(failure.status, 400);
await new Promise((done) => setTimeout(done, 500));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['chat gpt-5 begun', 'chat gpt-5 ended', 'chat gpt-5 begun'],
  '@traceloop/instrumentation-openai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
