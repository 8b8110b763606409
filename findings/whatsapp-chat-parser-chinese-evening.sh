#!/usr/bin/env bash
# Package:     whatsapp-chat-parser 4.0.2
# Expected:    The export of a phone set to Chinese is read like any other, with 下午 as p.m.; or its line is refused.
# Actual:      The word is skipped: 9:05 in the evening becomes 9:05 in the morning.
# Output seen: ["09:05 breakfast?","09:05 dinner?"]
# Consequence: Half of the messages are twelve hours early. Sorted by time, answers stand before their questions.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error whatsapp-chat-parser@4.0.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parseString } from 'whatsapp-chat-parser';

const exported = '2026/11/28 上午9:05 - Mei: breakfast?\n2026/11/28 下午9:05 - Mei: dinner?';
const clock = (date) => `${String(date.getHours()).padStart(2, '0')}:${date.getMinutes().toString().padStart(2, '0')}`;
const seen = parseString(exported).map(({ date, message }) => `${clock(date)} ${message}`);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['09:05 breakfast?', '09:05 dinner?'],
  'whatsapp-chat-parser behaves differently now',
);
EOF
node probe.mjs
