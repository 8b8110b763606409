#!/usr/bin/env bash
# Package:     email-reply-parser 2.3.9
# Expected:    A line of a letter that begins with "Sent from my hotel" is text.
# Actual:      It is taken as a signature, and all that follows goes with it.
# Output seen: "The bill was wrong."
# Consequence: The request of a customer is cut off before what they ask for.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error email-reply-parser@2.3.9 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import EmailReplyParser from 'email-reply-parser';

const Parser = EmailReplyParser.default ?? EmailReplyParser;
const mail = 'The bill was wrong.\nSent from my hotel to the office, it says 120 EUR.\nPlease send it again.\n';
const seen = new Parser().read(mail).getVisibleText().trim();
console.log(JSON.stringify(seen));
assert.equal(seen, 'The bill was wrong.', 'email-reply-parser behaves differently now');
EOF
node_modules/.bin/node probe.mjs
