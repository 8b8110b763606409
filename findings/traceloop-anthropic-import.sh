#!/usr/bin/env bash
# Package:     @traceloop/instrumentation-anthropic 0.27.0, @anthropic-ai/sdk 1.14.0
# Expected:    With the instrumentation, which says that it fits each SDK from 0.9.1 on, calls of Anthropic have a span.
# Actual:      The SDK cannot be loaded: the class `Completions`, which it no longer has, is patched without a look.
# Output seen: {"without":"loaded","with":"Cannot read properties of undefined (reading 'prototype')"}
# Consequence: A service does not start once tracing is on.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @traceloop/instrumentation-anthropic@0.27.0 @anthropic-ai/sdk@1.14.0 @opentelemetry/api@1.10.0 @opentelemetry/instrumentation@0.203.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

const traced = `
const { AnthropicInstrumentation } = require('@traceloop/instrumentation-anthropic');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
registerInstrumentations({ instrumentations: [new AnthropicInstrumentation()] });`;
const load = `
try {
  require('@anthropic-ai/sdk');
  console.log('loaded');
} catch (error) {
  console.log(error.message);
}`;
const run = (code) => execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim();
const seen = { without: run(load), with: run(traced + load) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { without: 'loaded', with: "Cannot read properties of undefined (reading 'prototype')" },
  '@traceloop/instrumentation-anthropic behaves differently now',
);
EOF
node probe.mjs
