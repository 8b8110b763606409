#!/usr/bin/env bash
# Package:     beeai-framework 0.1.30
# Expected:    TokenMemory and SlidingMemory keep the system message, and drop a tool's result together with its call.
# Actual:      The oldest message goes first, whatever it is: the system message before all others, then a call without
#              its result.
# Output seen: {"token":["user","assistant","user"],"sliding":["tool","assistant","user"]}
# Consequence: A long chat loses its rules without an error; then a provider refuses it, as it begins with the result of
#              no call.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps beeai-framework@0.1.30 zod@3.25.76 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { AssistantMessage, SystemMessage, ToolMessage, UserMessage } from 'beeai-framework/backend/message';
import { SlidingMemory } from 'beeai-framework/memory/slidingMemory';
import { TokenMemory } from 'beeai-framework/memory/tokenMemory';

const long = 'x'.repeat(64);
const rules = new SystemMessage('Never book without a yes.');
const token = new TokenMemory({ maxTokens: 60, capacityThreshold: 1 });
await token.addMany([rules, ...[1, 2, 3].flatMap(() => [new AssistantMessage(long), new UserMessage(long)])]);
const sliding = new SlidingMemory({ size: 3 });
await sliding.addMany([
  rules,
  new UserMessage('Rome?'),
  new AssistantMessage({ type: 'tool-call', toolCallId: 'c1', toolName: 'search', input: { city: 'Rome' } }),
  new ToolMessage({ type: 'tool-result', toolCallId: 'c1', toolName: 'search', output: { type: 'text', value: '5' } }),
  new AssistantMessage('Five.'),
  new UserMessage('And Oslo?'),
]);
const rolesOf = (memory) => memory.messages.map(({ role }) => role);
const seen = { token: rolesOf(token), sliding: rolesOf(sliding) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { token: ['user', 'assistant', 'user'], sliding: ['tool', 'assistant', 'user'] },
  'beeai-framework behaves differently now',
);
EOF
node probe.mjs
