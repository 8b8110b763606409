#!/usr/bin/env bash
# Package:     @opentelemetry/sdk-trace-base 2.12.1, @arizeai/openinference-core 2.7.1
# Expected:    A span of a chat call holds the request and the answer, as the flat attributes of the convention say.
# Actual:      A span keeps 128 attributes by default and drops the later ones. A chat takes two for each message:
#              the newest messages are lost, and the answer, which is set when the call ends.
# Output seen: {"messagesSent":70,"messagesKept":64,"newestQuestion":false,"answer":false}
# Consequence: The traces of long chats show the old beginning alone. Evaluations of "last question and answer" read
#              nothing.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @opentelemetry/api@1.9.1 @opentelemetry/sdk-trace-base@2.12.1 @arizeai/openinference-core@2.7.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { getLLMAttributes } from '@arizeai/openinference-core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const inputMessages = Array.from({ length: 70 }, (_, n) => ({
  role: n % 2 === 0 ? 'user' : 'assistant',
  content: `message ${n}`,
}));
const span = provider.getTracer('chat').startSpan('chat');
span.setAttributes(getLLMAttributes({ inputMessages }));
span.setAttributes(getLLMAttributes({ outputMessages: [{ role: 'assistant', content: 'the answer' }] }));
span.end();

const values = Object.values(exporter.getFinishedSpans()[0].attributes);
const kept = inputMessages.filter(({ content }) => values.includes(content));
const seen = {
  messagesSent: inputMessages.length,
  messagesKept: kept.length,
  newestQuestion: values.includes('message 69'),
  answer: values.includes('the answer'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { messagesSent: 70, messagesKept: 64, newestQuestion: false, answer: false },
  '@opentelemetry/sdk-trace-base behaves differently now',
);
EOF
node probe.mjs
