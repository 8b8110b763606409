#!/usr/bin/env bash
# Package:     @grammyjs/conversations 2.1.1, grammy 1.46.0
# Expected:    An error of `conversation.external()` is the same at each replay: an error with its name, its message
#              and its fields.
# Actual:      At first it is another error with the message alone. When the conversation is replayed from a store, it
#              is a plain object with the fields alone, without the message.
# Output seen: [{"name":"Error","message":"slow down"},{"name":"Refused","message":null,"code":429}]
# Consequence: The same conversation takes one way at first, and another one when the user answers; a log has no
#              message.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @grammyjs/conversations@2.1.1 grammy@1.46.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { conversations, createConversation } from '@grammyjs/conversations';
import { Bot } from 'grammy';

class Refused extends Error {
  name = 'Refused';
  code = 429;
}
const stored = new Map();
const adapter = {
  read: async (key) => (stored.has(key) ? JSON.parse(stored.get(key)) : undefined),
  write: async (key, value) => void stored.set(key, JSON.stringify(value)),
  delete: async (key) => void stored.delete(key),
};
const seen = [];
const bot = new Bot('1:none', { botInfo: { id: 1, is_bot: true, first_name: 'Bot', username: 'bot' } });
bot.use(conversations({ storage: { type: 'key', version: 0, adapter } }));
bot.use(
  createConversation(async function book(conversation) {
    try {
      await conversation.external(() => {
        throw new Refused('slow down');
      });
    } catch ({ name, message, code }) {
      seen.push({ name, message: message ?? null, ...(code && { code }) });
    }
    await conversation.waitFor('message:text');
  }),
);
bot.on('message', (context) => context.conversation.enter('book'));
const chat = { id: 5, type: 'private', first_name: 'Ann' };
const from = { id: 5, is_bot: false, first_name: 'Ann' };
for (const id of [1, 2]) {
  await bot.handleUpdate({ update_id: id, message: { message_id: id, date: 1795939200 + id, chat, from, text: 'Rome' } });
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    { name: 'Error', message: 'slow down' },
    { name: 'Refused', message: null, code: 429 },
  ],
  '@grammyjs/conversations behaves differently now',
);
EOF
node probe.mjs
