#!/usr/bin/env bash
# Package:     @chat-adapter/telegram 4.41.1
# Expected:    Bold words of a Telegram message of which one is in italics become Markdown that says the same.
# Actual:      The marks of the inner words are not counted for the place of the outer end: the bold ends two letters
#              early, and so does an italic on the same words.
# Output seen: ["**Hotel *Rom**e* today","***Hotel Ro*me** today"]
# Consequence: Words are cut by asterisks, in the prompt and in the stored conversation.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @chat-adapter/telegram@4.41.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { applyTelegramEntities } from '@chat-adapter/telegram';

const bold = { type: 'bold', offset: 0, length: 10 };
const seen = [
  [bold, { type: 'italic', offset: 6, length: 4 }],
  [bold, { type: 'italic', offset: 0, length: 10 }],
].map((entities) => applyTelegramEntities('Hotel Rome today', entities));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['**Hotel *Rom**e* today', '***Hotel Ro*me** today'],
  '@chat-adapter/telegram behaves differently now',
);
EOF
node probe.mjs
