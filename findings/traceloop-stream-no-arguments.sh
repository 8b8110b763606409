#!/usr/bin/env bash
# Package:     @traceloop/instrumentation-anthropic 0.27.0, @anthropic-ai/sdk 0.68.0
# Expected:    The span of a streamed answer has the arguments of its tool calls, its reasoning and the reason of its
#              end, as the span of one that is not streamed has.
# Actual:      The arguments are {}, the reasoning is empty, and the reason of the end is "".
# Output seen: [{"type":"reasoning","content":""},{"type":"tool_call","id":"t1","name":"search","arguments":{}}]
# Consequence: In a trace each streamed tool call looks as if the model had sent no arguments.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @traceloop/instrumentation-anthropic@0.27.0 @anthropic-ai/sdk@0.68.0 @opentelemetry/api@1.10.0 @opentelemetry/sdk-trace-base@2.12.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { AnthropicInstrumentation } from '@traceloop/instrumentation-anthropic';

const sdk = createRequire(import.meta.url)('@anthropic-ai/sdk');
const exporter = new InMemorySpanExporter();
const instrumentation = new AnthropicInstrumentation();
instrumentation.setTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
instrumentation.manuallyInstrument(sdk);

const usage = { input_tokens: 10, output_tokens: 5 };
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [], usage };
const call = { type: 'tool_use', id: 't1', name: 'search', input: {} };
const events = [
  { type: 'message_start', message },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'They want Rome.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: call },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city":"Rome"}' } },
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage },
  { type: 'message_stop' },
];
const server = http.createServer((request, response) => {
  response.setHeader('content-type', 'text/event-stream');
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const client = new sdk.Anthropic({ apiKey: 'key', baseURL: `http://127.0.0.1:${server.address().port}` });
const messages = [{ role: 'user', content: 'A hotel in Rome?' }];
const stream = await client.messages.create({ model: 'claude', max_tokens: 100, messages, stream: true });
for await (const event of stream) assert.ok(event.type);
server.close();
const [span] = exporter.getFinishedSpans();
const [{ finish_reason: reason, parts: seen }] = JSON.parse(span.attributes['gen_ai.output.messages']);
console.log(JSON.stringify(seen));
assert.equal(reason, '', '@traceloop/instrumentation-anthropic behaves differently now');
assert.deepEqual(
  seen,
  [
    { type: 'reasoning', content: '' },
    { type: 'tool_call', id: 't1', name: 'search', arguments: {} },
  ],
  '@traceloop/instrumentation-anthropic behaves differently now',
);
process.exit(0);
EOF
node probe.mjs
