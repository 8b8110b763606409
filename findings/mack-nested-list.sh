#!/usr/bin/env bash
# Package:     @tryfabric/mack 1.2.1
# Expected:    `markdownToBlocks()` keeps the text of a Markdown answer for Slack.
# Actual:      The inner lists of a list are dropped, and so is code in a list. A quoted list gives no block at all. A
#              list that begins at 3 is numbered from 1.
# Output seen: {"inner":["1. Outbound\n2. Return"],"code":["• run:"],"quoted":[],"numbered":["1. Pay\n2. Fly"]}
# Consequence: The flights of an offer are missing in Slack, without an error.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @tryfabric/mack@1.2.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { markdownToBlocks } from '@tryfabric/mack';

const texts = async (markdown) => (await markdownToBlocks(markdown)).map(({ text }) => text.text);
const seen = {
  inner: await texts('1. Outbound\n   - LH 1 at 8:00\n   - LH 2 at 9:00\n2. Return\n   - LH 3 at 20:00'),
  code: await texts('- run:\n\n  ```\n  npm ci\n  ```'),
  quoted: await texts('> - Hand luggage\n> - One bag'),
  numbered: await texts('3. Pay\n4. Fly'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { inner: ['1. Outbound\n2. Return'], code: ['• run:'], quoted: [], numbered: ['1. Pay\n2. Fly'] },
  '@tryfabric/mack behaves differently now',
);
EOF
node probe.mjs
