#!/usr/bin/env bash
# Package:     @chat-adapter/telegram 4.41.1, chat 4.41.1
# Expected:    A numbered list that begins with 3 begins with 3 on Telegram, as it does on Discord and Teams.
# Actual:      Its numbers begin with 1.
# Output seen: {"telegram":"1\\. Rome\n2\\. Oslo","discord":"3. Rome\n4. Oslo"}
# Consequence: An answer goes on with options 3 and 4, and the user's "2" books another city than the one on the screen.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @chat-adapter/telegram@4.41.1 @chat-adapter/discord@4.41.0 chat@4.41.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { DiscordFormatConverter } from '@chat-adapter/discord';
import { TelegramFormatConverter } from '@chat-adapter/telegram';
import { parseMarkdown } from 'chat';

const offer = parseMarkdown('3. Rome\n4. Oslo');
const seen = {
  telegram: new TelegramFormatConverter().fromAst(offer).trim(),
  discord: new DiscordFormatConverter().fromAst(offer).trim(),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { telegram: '1\\. Rome\n2\\. Oslo', discord: '3. Rome\n4. Oslo' },
  '@chat-adapter/telegram behaves differently now',
);
EOF
node probe.mjs
