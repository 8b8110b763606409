#!/usr/bin/env bash
# Package:     @assistant-ui/react-langgraph 0.14.20
# Expected:    appendLangChainChunk() puts a streamed answer together: its text, its reasoning, and the tokens of all
#              chunks.
# Actual:      Of the reasoning and the tokens only what the first chunk said is kept, and `response_metadata` of the
#              last chunk is dropped. The text is complete.
# Output seen: {"content":[{"type":"thinking","thinking":"They want"},{"type":"text","text":"Rome it
#              is"}],"output_tokens":1}
# Consequence: The screen shows the first words of the reasoning, a cost that is read from the message is a fraction,
#              and an answer that was cut off looks complete.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @assistant-ui/react-langgraph@0.14.20 @assistant-ui/core@0.3.35 @assistant-ui/store@0.3.23 @assistant-ui/tap@0.9.25 react@19.3.1 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { appendLangChainChunk } from '@assistant-ui/react-langgraph';

const chunks = [
  { content: [{ type: 'thinking', thinking: 'They want' }], usage_metadata: { input_tokens: 10, output_tokens: 1 } },
  { content: [{ type: 'thinking', thinking: ' a city in the south.' }] },
  { content: [{ type: 'text', text: 'Rome' }] },
  {
    content: [{ type: 'text', text: ' it is' }],
    usage_metadata: { input_tokens: 0, output_tokens: 54 },
    response_metadata: { stop_reason: 'max_tokens' },
  },
];
let message;
for (const chunk of chunks) message = appendLangChainChunk(message, { type: 'AIMessageChunk', id: 'm1', ...chunk });
const { content, usage_metadata: usage, response_metadata: metadata } = message;
const seen = { content, output_tokens: usage.output_tokens, metadata };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    content: [
      { type: 'thinking', thinking: 'They want' },
      { type: 'text', text: 'Rome it is' },
    ],
    output_tokens: 1,
    metadata: undefined,
  },
  '@assistant-ui/react-langgraph behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
