#!/usr/bin/env bash
# Package:     html-to-mrkdwn 3.0.0
# Expected:    The words of a table are in the message for Slack, in some form.
# Actual:      The whole table is missing.
# Output seen: "Your offer:\n\nShall I book?"
# Consequence: The offer has neither flights nor prices.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error html-to-mrkdwn@3.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import htmlToMrkdwn from 'html-to-mrkdwn';

const convert = htmlToMrkdwn.default ?? htmlToMrkdwn;
const table = '<table><tr><th>Flight</th><th>Price</th></tr><tr><td>LH 1</td><td>120</td></tr></table>';
const seen = convert(`<p>Your offer:</p>${table}<p>Shall I book?</p>`).text;
console.log(JSON.stringify(seen));
assert.equal(seen, 'Your offer:\n\nShall I book?', 'html-to-mrkdwn behaves differently now');
EOF
node probe.mjs
