#!/usr/bin/env bash
# Package:     @langfuse/langchain 5.11.1
# Expected:    In a trace a tool's result has the role "tool" and the id of its call.
# Actual:      Its role is the name of the tool, and the id is dropped.
# Output seen: [{"content":"120 EUR","additional_kwargs":{},"role":"search"},{"content":"140
#              EUR","additional_kwargs":{},"role":"search"}]
# Consequence: With two calls of a tool nothing tells which result belongs to which, and a search for the role "tool"
#              finds nothing.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @langfuse/langchain@5.11.1 @langfuse/tracing@5.11.1 @langfuse/core@5.11.1 @langchain/core@1.4.0 @opentelemetry/api@1.10.0 @opentelemetry/sdk-trace-base@2.12.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { CallbackHandler } from '@langfuse/langchain';
import { setLangfuseTracerProvider } from '@langfuse/tracing';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = new InMemorySpanExporter();
setLangfuseTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
const handler = new CallbackHandler();
const serialized = { lc: 1, type: 'not_implemented', id: ['langchain', 'ChatOpenAI'], name: 'ChatOpenAI' };
const messages = [
  new HumanMessage('Rome or Oslo?'),
  new ToolMessage({ name: 'search', tool_call_id: 'c1', content: '120 EUR' }),
  new ToolMessage({ name: 'search', tool_call_id: 'c2', content: '140 EUR' }),
];
await handler.handleChatModelStart(serialized, [messages], 'run', undefined, { invocation_params: {} }, [], {});
await handler.handleLLMEnd({ generations: [[{ text: 'Rome', message: new HumanMessage('Rome') }]] }, 'run');
const [span] = exporter.getFinishedSpans();
const seen = JSON.parse(span.attributes['langfuse.observation.input']).slice(1);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['120 EUR', '140 EUR'].map((content) => ({ content, additional_kwargs: {}, role: 'search' })),
  '@langfuse/langchain behaves differently now',
);
EOF
node probe.mjs
