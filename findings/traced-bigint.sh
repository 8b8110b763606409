#!/usr/bin/env bash
# Package:     @langfuse/tracing 5.11.1, @langfuse/otel 5.11.1, braintrust 3.35.0
# Expected:    A BigInt in the input of a call, as a database gives for an id, is traced as a number or a text, or that
#              field alone is left out.
# Actual:      Langfuse replaces the whole input by "<failed to serialize>". Braintrust throws in the program that
#              logs.
# Output seen: {"langfuse":"<failed to serialize>","braintrust":"Do not know how to serialize a BigInt"}
# Consequence: A trace has no question; or a call whose answer is there fails, because it is traced.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @langfuse/tracing@5.11.1 @langfuse/otel@5.11.1 @langfuse/core@5.11.1 braintrust@3.35.0 @opentelemetry/api@1.10.0 @opentelemetry/core@2.12.1 @opentelemetry/sdk-trace-base@2.12.1 @opentelemetry/exporter-trace-otlp-http@0.223.1 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { setLangfuseTracerProvider, startObservation } from '@langfuse/tracing';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { initLogger } from 'braintrust';

const input = { question: 'Where is my order?', order: 9007199254740993n };

const spans = [];
const exporter = {
  export(batch, done) {
    spans.push(...batch);
    done({ code: 0 });
  },
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
const processor = new LangfuseSpanProcessor({ publicKey: 'public', secretKey: 'none', baseUrl: 'http://localhost', exporter });
setLangfuseTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
startObservation('call', { input }).end();
await processor.forceFlush();

const logger = initLogger({ projectName: 'chat', projectId: '00000000-0000-0000-0000-000000000000', apiKey: 'none', asyncFlush: true });
let thrown = null;
try {
  logger.startSpan({ name: 'call' }).log({ input });
} catch (error) {
  thrown = error.message;
}
const seen = { langfuse: spans[0].attributes['langfuse.observation.input'], braintrust: thrown };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { langfuse: '<failed to serialize>', braintrust: 'Do not know how to serialize a BigInt' },
  'these packages behave differently now',
);
process.exit(0);
EOF
node probe.mjs
