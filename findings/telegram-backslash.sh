#!/usr/bin/env bash
# Package:     @telegraf/entity 0.7.0, @vlad-yakovlev/telegram-md 2.1.0 (telegram-format 3.1.0 does it right)
# Expected:    A text becomes MarkdownV2 that says the same: what has a meaning in it is escaped, with entities and
#              without.
# Actual:      A backslash is not escaped: Telegram takes it as the escape of the next sign, and drops it. A message
#              without entities is not escaped at all by @telegraf/entity.
# Output seen: {"code":"run `D:\\new`","none":"1.5 * 2 - 1","bold":"1\\.5 *x*","telegramMd":"D:\\new","telegramFormat":"D:\\\\new"}
# Consequence: A path or a formula arrives without its backslashes, and the Bot API refuses "1.5 * 2 - 1".
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

const path = String.raw`D:\new`;
const { toMarkdownV2 } = telegraf;
const seen = {
  code: toMarkdownV2({ text: `run ${path}`, entities: [{ type: 'code', offset: 4, length: path.length }] }),
  none: toMarkdownV2({ text: '1.5 * 2 - 1' }),
  bold: toMarkdownV2({ text: '1.5 x', entities: [{ type: 'bold', offset: 4, length: 1 }] }),
  telegramMd: md`${path}`.toString(),
  telegramFormat: markdownv2.escape(path),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    code: 'run `D:\\new`',
    none: '1.5 * 2 - 1',
    bold: '1\\.5 *x*',
    telegramMd: 'D:\\new',
    telegramFormat: 'D:\\\\new',
  },
  'these packages behave differently now',
);
EOF
node probe.mjs
