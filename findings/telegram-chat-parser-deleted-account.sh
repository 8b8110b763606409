#!/usr/bin/env bash
# Package:     telegram-chat-parser 1.0.7
# Expected:    An export in which a member has deleted their account is read: the name (`from`) is null then, the id
#              (`from_id`) is there.
# Actual:      The whole export is refused, with a message that says that the id is missing too.
# Output seen: {"named":1,"deleted":"Can't find user without id or name"}
# Consequence: One account that was deleted years ago keeps a chat of thousands of messages from being imported.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error telegram-chat-parser@1.0.7 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import telegram from 'telegram-chat-parser';

const read = (from) => {
  const message = {
    id: 1,
    type: 'message',
    date: '2026-11-28T21:05:00',
    date_unixtime: '1795899900',
    from,
    from_id: 'user2',
    text: 'hello',
    text_entities: [{ type: 'plain', text: 'hello' }],
  };
  const exported = { name: 'Trip', type: 'private_group', id: 9, messages: [message] };
  try {
    return new telegram.TelegramChat(JSON.stringify(exported)).messages.length;
  } catch (error) {
    return error.message;
  }
};
const seen = { named: read('Ann'), deleted: read(null) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { named: 1, deleted: "Can't find user without id or name" },
  'telegram-chat-parser behaves differently now',
);
EOF
node probe.mjs
