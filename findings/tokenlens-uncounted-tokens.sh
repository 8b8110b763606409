#!/usr/bin/env bash
# Package:     tokenlens 1.3.1
# Expected:    normalizeUsage() and sumUsage() count every token that the provider reports, cached ones included.
# Actual:      Anthropic reports cached input beside `input_tokens`: it is left out. Gemini's field names are not
#              known: everything is 0. No error, no warning.
# Output seen: {"anthropic":15,"gemini":0,"openai":15}
# Consequence: A context meter shows 15 tokens while 90,015 are in use, so that compaction never starts, and the
#              cost of a conversation is far too low.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error tokenlens@1.3.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { normalizeUsage } from 'tokenlens';

// Usage objects as the three services return them.
const usages = {
  anthropic: { input_tokens: 10, cache_read_input_tokens: 90_000, output_tokens: 5 },
  gemini: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  openai: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};
const seen = {};
for (const [name, usage] of Object.entries(usages)) seen[name] = normalizeUsage(usage).total;
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { anthropic: 15, gemini: 0, openai: 15 },
  'tokenlens behaves differently now',
);
EOF
node probe.mjs
