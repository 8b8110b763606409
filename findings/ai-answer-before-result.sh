#!/usr/bin/env bash
# Package:     ai 7.0.173
# Expected:    A stored answer whose parts are a tool call with its result, and then a text, becomes: the call, the
#              result, the text.
# Actual:      Without a part `step-start` between them, which no check of messages asks for, the text stands beside
#              the call, before the result.
# Output seen: ["assistant: call, text","tool: result"]
# Consequence: After an import the model reads an answer that it gave before it knew the result; if the chat ends
#              there, it is asked to answer once more.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error ai@7.0.173 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertToModelMessages, safeValidateUIMessages } from 'ai';

const messages = [
  {
    id: 'a1',
    role: 'assistant',
    parts: [
      { type: 'tool-find', toolCallId: 'c1', state: 'output-available', input: { city: 'Rome' }, output: { fare: 120 } },
      { type: 'text', text: 'The fare is 120.' },
    ],
  },
];
const { success } = await safeValidateUIMessages({ messages });
assert.ok(success, 'the messages are not valid any more');
const prompt = await convertToModelMessages(messages);
const seen = prompt.map(({ role, content }) => `${role}: ${content.map(({ type }) => type.replace('tool-', '')).join(', ')}`);
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['assistant: call, text', 'tool: result'], 'ai behaves differently now');
EOF
node probe.mjs
