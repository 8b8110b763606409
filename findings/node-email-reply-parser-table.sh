#!/usr/bin/env bash
# Package:     node-email-reply-parser 0.1.4
# Expected:    A letter with a Markdown table, or with a line of underscores, is read to its end.
# Actual:      It ends before the line of dashes or underscores.
# Output seen: ["Flight | Price","My options"]
# Consequence: All but the head of the table is missing.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error node-email-reply-parser@0.1.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import replyParser from 'node-email-reply-parser';

const mails = ['Flight | Price\n--- | ---\nLH 1 | 120\n\nPlease book it.\n', 'My options\n_____\nA: Rome\nB: Oslo\n'];
const seen = mails.map((mail) => replyParser(mail, true).trim());
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['Flight | Price', 'My options'], 'node-email-reply-parser behaves differently now');
EOF
node probe.mjs
