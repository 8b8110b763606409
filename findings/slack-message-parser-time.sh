#!/usr/bin/env bash
# Package:     slack-message-parser 3.0.2
# Expected:    Digits between colons in a message of Slack are text: Slack has no emoji of that name.
# Actual:      "10:30:15" has an emoji named 30, and "at 10:30: gate 5" does, too.
# Output seen: ["10 emoji(30) 15","Boarding at 10 emoji(30)  gate 5"]
# Consequence: A program that draws or drops emoji loses the minutes.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error slack-message-parser@3.0.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import slack from 'slack-message-parser';

const parse = slack.parse ?? slack.default ?? slack;
const shown = ({ children, name, text }) => (children ? children.map(shown).join(' ') : (text?.trimStart() ?? `emoji(${name})`));
const seen = ['10:30:15', 'Boarding at 10:30: gate 5'].map((text) => shown(parse(text)));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['10 emoji(30) 15', 'Boarding at 10 emoji(30) gate 5'],
  'slack-message-parser behaves differently now',
);
EOF
node probe.mjs
