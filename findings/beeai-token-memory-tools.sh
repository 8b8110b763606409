#!/usr/bin/env bash
# Package:     beeai-framework 0.1.30
# Expected:    TokenMemory counts the tokens of tool calls and of tool results, and drops the oldest messages above its
#              limit.
# Actual:      It counts text alone: a call and a result with 50,000 characters each are no tokens. A text of that
#              length is refused.
# Output seen: {"tokensUsed":10,"maxTokens":100,"messagesCount":4}
# Consequence: A conversation with tools is never trimmed, and the provider refuses it as too long.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps beeai-framework@0.1.30 zod@3.25.76 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { AssistantMessage, ToolMessage, UserMessage } from 'beeai-framework/backend/message';
import { TokenMemory } from 'beeai-framework/memory/tokenMemory';

const long = 'word '.repeat(10_000);
const memory = new TokenMemory({ maxTokens: 100 });
await memory.addMany([
  new UserMessage('Hi'),
  new AssistantMessage({ type: 'tool-call', toolCallId: 'c1', toolName: 'search', input: { words: long } }),
  new ToolMessage({
    type: 'tool-result',
    toolCallId: 'c1',
    toolName: 'search',
    output: { type: 'text', value: long },
  }),
  new AssistantMessage('Done'),
]);
const { tokensUsed, maxTokens, messagesCount } = memory.stats();
const seen = { tokensUsed, maxTokens, messagesCount };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { tokensUsed: 10, maxTokens: 100, messagesCount: 4 },
  'beeai-framework behaves differently now',
);
await assert.rejects(new TokenMemory({ maxTokens: 100 }).add(new UserMessage(long)), /cannot fit/);
EOF
node probe.mjs
