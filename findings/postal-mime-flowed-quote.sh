#!/usr/bin/env bash
# Package:     postal-mime 4.0.0
# Expected:    A quoted paragraph of an e-mail in format=flowed is joined to one line with one mark, as RFC 3676 says.
# Actual:      The marks of its lines are left within the line.
# Output seen: "> Shall I book the > flight to Rome?\nYes.\n"
# Consequence: A quoted question comes back with marks between its words.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error postal-mime@4.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import PostalMime from 'postal-mime';

const lines = [
  'From: Ann <ann@example.com>',
  'Content-Type: text/plain; charset=utf-8; format=flowed',
  '',
  '> Shall I book the ',
  '> flight to Rome?',
  'Yes.',
  '',
];
const { text } = await PostalMime.parse(lines.join('\r\n'));
console.log(JSON.stringify(text));
assert.equal(text, '> Shall I book the > flight to Rome?\nYes.\n', 'postal-mime behaves differently now');
EOF
node probe.mjs
