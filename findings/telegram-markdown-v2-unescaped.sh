#!/usr/bin/env bash
# Package:     telegram-markdown-v2 0.0.4
# Expected:    A table and a rule of Markdown come out with "|" and "*" escaped, as the MarkdownV2 of the Bot API
#              demands.
# Actual:      The bars of a table and the asterisks of a rule stand there as they are.
# Output seen: ["| a | b |\n| 1 | 2 |\n","***\n"]
# Consequence: The Bot API refuses the whole message: the user gets no answer.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error telegram-markdown-v2@0.0.4 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convert } from 'telegram-markdown-v2';

const seen = ['| a | b |\n|---|---|\n| 1 | 2 |', '---'].map((text) => convert(text));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['| a | b |\n| 1 | 2 |\n', '***\n'], 'telegram-markdown-v2 behaves differently now');
EOF
node_modules/.bin/node probe.mjs
