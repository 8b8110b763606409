#!/usr/bin/env bash
# Package:     ai 7.0.173, zod 4.6.6
# Expected:    History keeps the arguments that the model wrote; the schema's output goes to execute() alone.
# Actual:      The next step's prompt and the stored UI message hold the transformed value. The stored message
#              then fails validation against the same tool.
# Output seen: {"model":{"nights":"3 nights"},"nextPrompt":{"nights":3},"stored":{"nights":3},"valid":false}
# Consequence: The model sees arguments that it never wrote and that break its own schema. A chat that was
#              saved with onFinish cannot be loaded with validateUIMessages.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error ai@7.0.173 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { isStepCount, safeValidateUIMessages, streamText, tool } from 'ai';
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test';
import { z } from 'zod';

const written = { nights: '3 nights' };
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const finish = (reason) => ({ type: 'finish', finishReason: { unified: reason, raw: reason }, usage });
const call = { type: 'tool-call', toolCallId: 'call_1', toolName: 'book', input: JSON.stringify(written) };
const steps = [[call, finish('tool-calls')], [finish('stop')]];
const prompts = [];
const model = new MockLanguageModelV4({
  doStream: async ({ prompt }) => {
    prompts.push(prompt);
    const chunks = [{ type: 'stream-start', warnings: [] }, ...steps[prompts.length - 1]];
    return { stream: simulateReadableStream({ chunks }) };
  },
});
const nights = z.string().transform((text) => Number.parseInt(text, 10));
const tools = {
  book: tool({ inputSchema: z.object({ nights }), execute: async () => 'booked' }),
};
const result = streamText({ model, prompt: 'Book 3 nights.', tools, stopWhen: isStepCount(2) });
let message;
const stream = result.toUIMessageStream({
  generateMessageId: () => 'message_1',
  onFinish: ({ responseMessage }) => (message = responseMessage),
});
for await (const _chunk of stream);
const stored = JSON.parse(JSON.stringify(message));
const seen = {
  model: written,
  nextPrompt: prompts[1].flatMap(({ content }) => content).find(({ type }) => type === 'tool-call').input,
  stored: stored.parts.find(({ type }) => type === 'tool-book').input,
  valid: (await safeValidateUIMessages({ messages: [stored], tools })).success,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { model: written, nextPrompt: { nights: 3 }, stored: { nights: 3 }, valid: false },
  'ai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
