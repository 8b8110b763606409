#!/usr/bin/env bash
# Package:     llamaindex 0.12.1
# Expected:    A message that is longer than the memory's `tokenLimit` goes to the model alone, or cut, or gives an
#              error.
# Actual:      `getLLM()` returns an empty list: neither the question nor anything before it.
# Output seen: {"short":["user","assistant","user"],"long":[]}
# Consequence: A user pastes a long text, and the model answers an empty prompt.
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

const asked = async (words) => {
  const memory = createMemory({ tokenLimit: 200 });
  await memory.add({ role: 'user', content: 'Hello.' });
  await memory.add({ role: 'assistant', content: 'What can I do for you?' });
  await memory.add({ role: 'user', content: `Sum this up: ${'word '.repeat(words)}` });
  return (await memory.getLLM()).map(({ role }) => role);
};
const seen = { short: await asked(20), long: await asked(500) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { short: ['user', 'assistant', 'user'], long: [] },
  'llamaindex behaves differently now',
);
EOF
node probe.mjs
