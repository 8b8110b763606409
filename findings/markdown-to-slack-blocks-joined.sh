#!/usr/bin/env bash
# Package:     markdown-to-slack-blocks 1.5.0
# Expected:    Two lines that are parted by a line break, and two paragraphs of one item of a list, stay apart; code
#              within an item is shown.
# Actual:      Lines and paragraphs have nothing between them, and the code is missing. A list that begins with 3
#              begins with 1.
# Output seen: {"break":"Room 12 adults","item":"1. LH 120 EUR","code":"- Run","start":"1. Oslo"}
# Consequence: Flight LH 1 for 20 EUR becomes flight LH 120, and an answer names a command that is not there.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error markdown-to-slack-blocks@1.5.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { blocksToMarkdown, markdownToBlocks } from 'markdown-to-slack-blocks';

const shown = (markdown) => blocksToMarkdown(markdownToBlocks(markdown));
const seen = {
  break: shown('Room 1  \n2 adults'),
  item: shown('1. LH 1\n\n   20 EUR'),
  code: shown('- Run\n\n  ```\n  npm test\n  ```'),
  start: shown('3. Oslo'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { break: 'Room 12 adults', item: '1. LH 120 EUR', code: '- Run', start: '1. Oslo' },
  'markdown-to-slack-blocks behaves differently now',
);
EOF
node probe.mjs
