#!/usr/bin/env bash
# Package:     ai 7.0.173
# Expected:    extractReasoningMiddleware takes reasoning at the start of an answer. A later mention of the
#              tag, for instance in backticks, is text.
# Actual:      Any occurrence starts reasoning. Without an end tag the rest of the answer is gone from the text.
# Output seen: {"text":"Write `","reasoning":"` before you reason. Then answer in one line."}
# Consequence: A user who asks about the tag gets half a sentence. The stored answer has lost its words.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error ai@7.0.173 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { extractReasoningMiddleware, streamText, wrapLanguageModel } from 'ai';
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test';

const answer = 'Write `<think>` before you reason. Then answer in one line.';
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const chunks = [
  { type: 'stream-start', warnings: [] },
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: answer },
  { type: 'text-end', id: '1' },
  { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage },
];
const model = wrapLanguageModel({
  model: new MockLanguageModelV4({
    doStream: async () => ({ stream: simulateReadableStream({ chunks }) }),
  }),
  middleware: extractReasoningMiddleware({ tagName: 'think' }),
});
const result = streamText({ model, prompt: 'How do I mark reasoning?' });
const seen = { text: await result.text, reasoning: await result.reasoningText };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { text: 'Write `', reasoning: '` before you reason. Then answer in one line.' },
  'ai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
