#!/usr/bin/env bash
# Package:     @cloudflare/ai-chat 0.12.2, agents 0.32.0
# Expected:    `autoTransformMessages()` makes messages of AI SDK 5 of those of AI SDK 4, as its module is named.
# Actual:      Messages of AI SDK 4.2 and later have `parts`, and stay as they are: `tool-invocation`, `reasoning`, base64
#              in `data`. Of messages without `parts` the attachments are dropped.
# Output seen: {"with parts":["reasoning","tool-invocation","text"],"without parts":["tool-book"],"attachments":["text"]}
# Consequence: Tool calls and pictures of old chats are gone, or the stored chat is refused.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @cloudflare/ai-chat@0.12.2 agents@0.32.0 ai@7.0.173 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { autoTransformMessages } from '@cloudflare/ai-chat/ai-chat-v5-migration';

const invocation = { state: 'result', toolCallId: 'call_1', toolName: 'book', args: { room: 4 }, result: 'booked' };
const experimental_attachments = [{ name: 'a.png', contentType: 'image/png', url: 'https://example.com/a.png' }];
const types = (message) => autoTransformMessages([{ id: '1', ...message }])[0].parts.map(({ type }) => type);
const seen = {
  'with parts': types({
    role: 'assistant',
    content: 'Done.',
    parts: [
      { type: 'reasoning', reasoning: 'Book it.', details: [{ type: 'text', text: 'Book it.' }] },
      { type: 'tool-invocation', toolInvocation: invocation },
      { type: 'text', text: 'Done.' },
    ],
  }),
  'without parts': types({ role: 'assistant', content: 'Done.', toolInvocations: [invocation] }),
  attachments: types({ role: 'user', content: 'Look.', experimental_attachments }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    'with parts': ['reasoning', 'tool-invocation', 'text'],
    'without parts': ['tool-book'],
    attachments: ['text'],
  },
  '@cloudflare/ai-chat behaves differently now',
);
EOF
node probe.mjs
