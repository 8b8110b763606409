#!/usr/bin/env bash
# Package:     telegram-format 3.1.0
# Expected:    `markdown.escape()` puts a backslash before the signs that have a meaning, as `markdownv2.escape()`
#              does, and as the Bot API has it for Markdown.
# Actual:      It deletes them.
# Output seen: {"markdown":"orderid5 costs 23","v2":"order\\_id\\_5 costs 2\\*3"}
# Consequence: A user reads an order number that does not exist, and "23" in the place of "2*3".
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error telegram-format@3.1.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { markdown, markdownv2 } from 'telegram-format';

const text = 'order_id_5 costs 2*3';
const seen = { markdown: markdown.escape(text), v2: markdownv2.escape(text) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { markdown: 'orderid5 costs 23', v2: 'order\\_id\\_5 costs 2\\*3' },
  'telegram-format behaves differently now',
);
EOF
node probe.mjs
