#!/usr/bin/env bash
# Package:     @chat-adapter/slack 4.41.1
# Expected:    slackMrkdwnToMarkdown() leaves signs alone that are no formatting in Slack: a star between numbers or in
#              code, and a tilde before a number.
# Actual:      Each single star between others is doubled, also in code, and so is each tilde.
# Output seen: ["2**3**4 = 24","`a**b**c`","~~100 to ~~120 EUR"]
# Consequence: The model reads powers in the place of products, and prices that are struck out.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @chat-adapter/slack@4.41.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { slackMrkdwnToMarkdown } from '@chat-adapter/slack/format';

const seen = ['2*3*4 = 24', '`a*b*c`', '~100 to ~120 EUR'].map((text) => slackMrkdwnToMarkdown(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['2**3**4 = 24', '`a**b**c`', '~~100 to ~~120 EUR'],
  '@chat-adapter/slack behaves differently now',
);
EOF
node probe.mjs
