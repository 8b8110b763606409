#!/usr/bin/env bash
# Package:     @convex-dev/agent 0.7.3, ai 7.0.173
# Expected:    toUIMessages() shows a tool that failed in a stored thread as failed: "output-error". fromUIMessages()
#              gives the stored messages back.
# Actual:      A result of the type "error-text" or "error-json" is "output-available", like any other, and comes back
#              as "text" or "json".
# Output seen: {"parts":[["output-available","No seats"],["output-available",{"code":7}]],"back":["text","json"]}
# Consequence: The screen shows a booking that failed as done, and a chat that was moved tells the model so, too.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --ignore-scripts @convex-dev/agent@0.7.3 @ai-sdk/provider@4.0.38 @ai-sdk/provider-utils@5.0.81 ai@7.0.173 convex@1.48.0 convex-helpers@0.1.135 react@19 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { fromUIMessages, toUIMessages } from '@convex-dev/agent';

const book = (toolCallId, input) => ({ type: 'tool-call', toolCallId, toolName: 'book', input });
const result = (toolCallId, output) => ({ type: 'tool-result', toolCallId, toolName: 'book', output });
const stored = [
  { role: 'user', content: 'Book both.' },
  { role: 'assistant', content: [book('c1', { flight: 'LH 1' }), book('c2', { flight: 'LH 2' })] },
  {
    role: 'tool',
    content: [result('c1', { type: 'error-text', value: 'No seats' }), result('c2', { type: 'error-json', value: { code: 7 } })],
  },
];
const documents = stored.map((message, stepOrder) => ({
  _id: `m${stepOrder}`,
  _creationTime: stepOrder,
  threadId: 't1',
  order: 0,
  stepOrder,
  status: 'success',
  tool: message.role !== 'user',
  message,
}));
const messages = toUIMessages(documents);
const back = await fromUIMessages(messages, { threadId: 't1' });
const seen = {
  parts: messages[1].parts.filter(({ type }) => type === 'tool-book').map(({ state, output }) => [state, output]),
  back: back.filter(({ message }) => message.role === 'tool').flatMap(({ message }) => message.content.map(({ output }) => output.type)),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    parts: [
      ['output-available', 'No seats'],
      ['output-available', { code: 7 }],
    ],
    back: ['text', 'json'],
  },
  '@convex-dev/agent behaves differently now',
);
EOF
node probe.mjs
