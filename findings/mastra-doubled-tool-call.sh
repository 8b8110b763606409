#!/usr/bin/env bash
# Package:     @mastra/core 1.71.0
# Expected:    `convertMessages()` gives model messages of the AI SDK back as they were.
# Actual:      A tool call comes twice: first with a tool message that is empty, then with its result.
# Output seen: ["user:text","assistant:tool-call","tool:","assistant:tool-call","tool:tool-result","assistant:text"]
# Consequence: Providers refuse an empty tool message, and a call that has no result. A history that was stored as
#              model messages cannot be continued.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @mastra/core@1.71.0 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertMessages } from '@mastra/core/agent';

const call = { toolCallId: 'call_1', toolName: 'price' };
const messages = [
  { role: 'user', content: [{ type: 'text', text: 'What is a night?' }] },
  { role: 'assistant', content: [{ type: 'tool-call', ...call, input: {} }] },
  { role: 'tool', content: [{ type: 'tool-result', ...call, output: { type: 'text', value: '5 EUR' } }] },
  { role: 'assistant', content: [{ type: 'text', text: 'Five euros.' }] },
];
const seen = convertMessages(messages)
  .to('AIV5.Model')
  .map(({ role, content }) => `${role}:${content.map(({ type }) => type).join()}`);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['user:text', 'assistant:tool-call', 'tool:', 'assistant:tool-call', 'tool:tool-result', 'assistant:text'],
  '@mastra/core behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
