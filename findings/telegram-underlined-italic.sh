#!/usr/bin/env bash
# Package:     @telegraf/entity 0.7.0, telegram-format 3.1.0, @vlad-yakovlev/telegram-md 2.1.0
# Expected:    Words in italics at the end of underlined ones become MarkdownV2 that Telegram can read. Its Bot API
#              says that `___` is read as `__` first, and that an empty entity, `**`, has to part italics and
#              underline.
# Actual:      All three packages write `___` with nothing between.
# Output seen: {"telegraf":"__one _two___","format":"___two___","md":"___two___"}
# Consequence: The Bot API refuses the message: the entity has no end.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @telegraf/entity@0.7.0 @vlad-yakovlev/telegram-md@2.1.0 telegram-format@3.1.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import telegraf from '@telegraf/entity';
import { md } from '@vlad-yakovlev/telegram-md';
import { markdownv2 } from 'telegram-format';

const seen = {
  telegraf: telegraf.toMarkdownV2({
    text: 'one two',
    entities: [
      { type: 'underline', offset: 0, length: 7 },
      { type: 'italic', offset: 4, length: 3 },
    ],
  }),
  format: markdownv2.underline(markdownv2.italic('two')),
  md: md.underline(md.italic('two')).toString(),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { telegraf: '__one _two___', format: '___two___', md: '___two___' },
  'these packages behave differently now',
);
EOF
node probe.mjs
