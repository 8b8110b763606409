#!/usr/bin/env bash
# Package:     @tanstack/ai 0.58.0
# Expected:    A system message in a stored chat reaches the model, or the conversion fails.
# Actual:      `convertMessagesToModelMessages()` leaves it out without a word. A system message of the model form
#              stays.
# Output seen: {"ui":["user"],"model":["system","user"]}
# Consequence: A chat that is loaded again has lost its rules.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @tanstack/ai@0.58.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertMessagesToModelMessages } from '@tanstack/ai';

const ui = (role, content) => ({ id: role, role, parts: [{ type: 'text', content }], createdAt: new Date(0) });
const roles = (messages) => convertMessagesToModelMessages(messages).map(({ role }) => role);
const seen = {
  ui: roles([ui('system', 'Answer in French.'), ui('user', 'Hello')]),
  model: roles([
    { role: 'system', content: 'Answer in French.' },
    { role: 'user', content: 'Hello' },
  ]),
};
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { ui: ['user'], model: ['system', 'user'] }, '@tanstack/ai behaves differently now');
EOF
node_modules/.bin/node probe.mjs
