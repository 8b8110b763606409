#!/usr/bin/env bash
# Package:     @langfuse/openai 5.11.1, langsmith 0.10.5
# Expected:    The trace of a streamed chat completion with a text and two tool calls has the text and both calls.
# Actual:      Both libraries make one call of the two. Langfuse keeps the second name, and drops the text. LangSmith
#              joins the names.
# Output seen: {"langfuse":{"tool_calls":[{"function":{"name":"weather","arguments":"{\"city\":\"Rome\"}{\"city\":\"Oslo\"}"}}]},
#              "langsmith":{"content":"I
#              look.","names":["priceweather"],"arguments":["{\"city\":\"Rome\"}{\"city\":\"Oslo\"}"]}}
# Consequence: A trace shows a tool that does not exist, with arguments that are no JSON.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error openai@7.59.0 @langfuse/openai@5.11.1 @langfuse/tracing@5.11.1 @opentelemetry/sdk-trace-node@2.12.1 @opentelemetry/api@1.9.0 langsmith@0.10.5 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { observeOpenAI } from '@langfuse/openai';
import { setLangfuseTracerProvider } from '@langfuse/tracing';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { wrapOpenAI } from 'langsmith/wrappers';
import OpenAI from 'openai';

const chunk = (delta, finish_reason = null) => ({
  id: '1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
});
const fetchOf = (deltas) => async () =>
  new Response(
    [...deltas.map((delta) => chunk(delta)), chunk({}, 'stop')]
      .map((each) => `data: ${JSON.stringify(each)}\n\n`)
      .concat('data: [DONE]\n\n')
      .join(''),
    { headers: { 'content-type': 'text/event-stream' } },
  );
const question = { model: 'm', messages: [{ role: 'user', content: 'Rome or Oslo?' }], stream: true };
const ask = async (client) => {
  for await (const _each of await client.chat.completions.create(question));
  await new Promise((resolve) => setTimeout(resolve, 300));
};

const langfuse = async (deltas) => {
  const exporter = new InMemorySpanExporter();
  setLangfuseTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  await ask(observeOpenAI(new OpenAI({ apiKey: 'key', fetch: fetchOf(deltas) })));
  return exporter.getFinishedSpans()[0].attributes['langfuse.observation.output'];
};
const langsmith = async (deltas) => {
  let outputs;
  const client = { createRun: async () => {}, updateRun: async (_id, run) => (outputs = run.outputs) };
  await ask(wrapOpenAI(new OpenAI({ apiKey: 'key', fetch: fetchOf(deltas) }), { client, tracingEnabled: true }));
  return outputs.choices[0].message;
};

const call = (index, id, name, city) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: JSON.stringify({ city }) } }],
});
const deltas = [
  { role: 'assistant', content: 'I look.' },
  call(0, 'call_1', 'price', 'Rome'),
  call(1, 'call_2', 'weather', 'Oslo'),
];
const { content, tool_calls } = await langsmith(deltas);
const seen = {
  langfuse: JSON.parse(await langfuse(deltas)),
  langsmith: {
    content,
    names: tool_calls.map((each) => each.function.name),
    arguments: tool_calls.map((each) => each.function.arguments),
  },
};
console.log(JSON.stringify(seen));
const joined = '{"city":"Rome"}{"city":"Oslo"}';
assert.deepEqual(
  seen,
  {
    langfuse: { tool_calls: [{ function: { name: 'weather', arguments: joined } }] },
    langsmith: { content: 'I look.', names: ['priceweather'], arguments: [joined] },
  },
  '@langfuse/openai or langsmith behaves differently now',
);
process.exit(0);
EOF
node_modules/.bin/node probe.mjs
