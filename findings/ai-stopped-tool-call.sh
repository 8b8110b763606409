#!/usr/bin/env bash
# Package:     ai 7.0.173
# Expected:    `convertToModelMessages()` makes a prompt of every chat that `useChat` stored, also of one that was
#              stopped.
# Actual:      A tool call that was stopped while its input came, or while it waited for approval, is left out. One that
#              was stopped while the tool ran stays without a result, and the next turn is refused before the model is
#              asked.
# Output seen: {"input-streaming":"Hello","approval-requested":"Hello","input-available":"AI_MissingToolResultsError"}
# Consequence: After "stop" at the wrong moment each further message of the chat fails. `ignoreIncompleteToolCalls` is off by
#              default.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error node@24.21.0 ai@7.0.173 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertToModelMessages, generateText, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { z } from 'zod';

const tools = { book: tool({ inputSchema: z.object({}) }) };
const tokens = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const model = new MockLanguageModelV4({
  doGenerate: async () => ({
    content: [{ type: 'text', text: 'Hello' }],
    finishReason: { unified: 'stop' },
    usage: tokens,
    warnings: [],
  }),
});
const goOn = async (state) => {
  const call = { type: 'tool-book', toolCallId: 'call_1', state, input: {} };
  if (state === 'approval-requested') call.approval = { id: 'approval_1' };
  const messages = [
    { id: '1', role: 'user', parts: [{ type: 'text', text: 'Book it.' }] },
    { id: '2', role: 'assistant', parts: [{ type: 'step-start' }, call] },
    { id: '3', role: 'user', parts: [{ type: 'text', text: 'Are you there?' }] },
  ];
  try {
    const prompt = await convertToModelMessages(messages, { tools });
    return [state, (await generateText({ model, messages: prompt, tools })).text];
  } catch (error) {
    return [state, error.name];
  }
};
const states = ['input-streaming', 'approval-requested', 'input-available'];
const seen = Object.fromEntries(await Promise.all(states.map(goOn)));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 'input-streaming': 'Hello', 'approval-requested': 'Hello', 'input-available': 'AI_MissingToolResultsError' },
  'ai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
