#!/usr/bin/env bash
# Package:     llamaindex 0.12.1
# Expected:    A memory that is read in the form of the AI SDK (`{ type: 'vercel' }`) has the tool call and its result
#              as parts of the assistant's message.
# Actual:      The call is an empty answer, and the result is a message of the user.
# Output seen: ["user: What is a night?","assistant: ","user: 5 EUR","assistant: Five euros."]
# Consequence: A chat shows its users words that they never wrote.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error llamaindex@0.12.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createMemory } from 'llamaindex';

const memory = createMemory();
await memory.add({ role: 'user', content: 'What is a night?' });
await memory.add({
  role: 'assistant',
  content: '',
  options: { toolCall: [{ id: 'call_1', name: 'price', input: {} }] },
});
await memory.add({
  role: 'user',
  content: '5 EUR',
  options: { toolResult: { id: 'call_1', result: '5 EUR', isError: false } },
});
await memory.add({ role: 'assistant', content: 'Five euros.' });
const seen = (await memory.get({ type: 'vercel' })).map(
  ({ role, parts }) => `${role}: ${parts.map(({ type, text }) => text ?? type).join()}`,
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['user: What is a night?', 'assistant: ', 'user: 5 EUR', 'assistant: Five euros.'],
  'llamaindex behaves differently now',
);
EOF
node probe.mjs
