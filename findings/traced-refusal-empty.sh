#!/usr/bin/env bash
# Package:     @langfuse/openai 5.11.1, langsmith 0.10.5, @posthog/ai 8.13.1
# Expected:    The trace of a streamed refusal has the words of the refusal.
# Actual:      All three have an empty answer.
# Output seen: {"langfuse":"","langsmith":{"role":"assistant","content":""},"posthog":[{"type":"text","text":""}]}
# Consequence: A search for refusals finds none: they look like answers that were lost.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error openai@6.49.0 @langfuse/openai@5.11.1 @langfuse/tracing@5.11.1 @opentelemetry/sdk-trace-node@2.12.1 @opentelemetry/api@1.9.0 langsmith@0.10.5 @posthog/ai@8.13.1 posthog-node@5 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { observeOpenAI } from '@langfuse/openai';
import { setLangfuseTracerProvider } from '@langfuse/tracing';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { OpenAI as PostHogOpenAI } from '@posthog/ai/openai';
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

const posthog = async (deltas) => {
  let event;
  const client = { capture: (each) => (event = each), options: {}, privacy_mode: false };
  await ask(new PostHogOpenAI({ apiKey: 'key', fetch: fetchOf(deltas), posthog: client }));
  return event.properties.$ai_output_choices[0].content;
};
const deltas = [{ role: 'assistant', refusal: 'I cannot ' }, { refusal: 'do that.' }];
const seen = {
  langfuse: await langfuse(deltas),
  langsmith: await langsmith(deltas),
  posthog: await posthog(deltas),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    langfuse: '',
    langsmith: { role: 'assistant', content: '' },
    posthog: [{ type: 'text', text: '' }],
  },
  '@langfuse/openai, langsmith or @posthog/ai behaves differently now',
);
process.exit(0);
EOF
node_modules/.bin/node probe.mjs
