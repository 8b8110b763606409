#!/usr/bin/env bash
# Package:     @mastra/core 1.71.0
# Expected:    `UnicodeNormalizer` as it is by default changes how characters are stored, and no meaning.
# Actual:      Exponents become digits, and the indentation of code and of lists becomes one space.
# Output seen: ["about 103 visitors, 20 m2","- Rome\n - Hotel\n- Oslo","if a:\n if b:\n return 1"]
# Consequence: The model reads 103 visitors where the user wrote a thousand, and code without its structure.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @mastra/core@1.71.0 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { UnicodeNormalizer } from '@mastra/core/processors';

const normalized = async (text) => {
  const message = { id: '1', role: 'user', createdAt: new Date(0), content: { format: 2, parts: [{ type: 'text', text }] } };
  const [changed] = await new UnicodeNormalizer().processInput({ messages: [message], abort: () => {} });
  return changed.content.parts[0].text;
};
const seen = [
  await normalized('about 10³ visitors, 20 m²'),
  await normalized('- Rome\n    - Hotel\n- Oslo'),
  await normalized('if a:\n    if b:\n        return 1'),
];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['about 103 visitors, 20 m2', '- Rome\n - Hotel\n- Oslo', 'if a:\n if b:\n return 1'],
  '@mastra/core behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
