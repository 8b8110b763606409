#!/usr/bin/env bash
# Package:     telegram-chat-parser 1.0.7
# Expected:    A message has one time, wherever its export is read: the export has it in Unix seconds
#              (`date_unixtime`) beside the clock time of the phone (`date`).
# Actual:      Only the clock time is read, as one of the zone of the machine that reads it.
# Output seen: {"UTC":"21:05Z","Asia/Tokyo":"12:05Z","exported":"20:05Z"}
# Consequence: An import on a server shifts the history by the zone of the phone it came from, while the right time is in
#              the file.
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

// Exported in Berlin: 20:05 UTC is 21:05 there.
const sent = new Date('2026-11-28T20:05:00Z');
const message = {
  id: 1,
  type: 'message',
  date: '2026-11-28T21:05:00',
  date_unixtime: `${sent.getTime() / 1000}`,
  from: 'Ann',
  from_id: 'user2',
  text: 'hello',
  text_entities: [{ type: 'plain', text: 'hello' }],
};
const exported = { name: 'Ann', type: 'personal_chat', id: 9, messages: [message] };
const clock = (date) => `${date.toISOString().slice(11, 16)}Z`;
const readIn = (zone) => {
  process.env.TZ = zone;
  return clock(new telegram.TelegramChat(JSON.stringify(exported)).messages[0].date);
};
const seen = { UTC: readIn('UTC'), 'Asia/Tokyo': readIn('Asia/Tokyo'), exported: clock(sent) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { UTC: '21:05Z', 'Asia/Tokyo': '12:05Z', exported: '20:05Z' },
  'telegram-chat-parser behaves differently now',
);
EOF
node probe.mjs
