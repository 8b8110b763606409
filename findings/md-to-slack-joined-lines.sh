#!/usr/bin/env bash
# Package:     md-to-slack 1.1.7
# Expected:    Two lines of an answer that are parted by a line break of Markdown are two lines in Slack, and so are the
#              items of an inner list.
# Actual:      They are put together with nothing between.
# Output seen: ["Room 12 adults","- Rome- LH 1\n- 120 EUR"]
# Consequence: "Room 1" and "2 adults" is room 12 for the reader.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error md-to-slack@1.1.7 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { markdownToSlack } from 'md-to-slack';

const seen = ['Room 1  \n2 adults', '- Rome\n  - LH 1\n  - 120 EUR'].map((text) => markdownToSlack(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Room 12 adults', '- Rome- LH 1\n- 120 EUR'],
  'md-to-slack behaves differently now',
);
EOF
node probe.mjs
