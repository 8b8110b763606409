#!/usr/bin/env bash
# Package:     slackify-markdown 5.0.0
# Expected:    Two spaces at the end of a line, a line break of Markdown, are a line break in Slack.
# Actual:      The line ends with a backslash, which Slack shows. A rule becomes three asterisks.
# Output seen: ["LH 1\\\nLH 2\n","a\n\n***\n\nb\n"]
# Consequence: An offer with a line for each flight has backslashes.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error slackify-markdown@5.0.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { slackifyMarkdown } from 'slackify-markdown';

const seen = ['LH 1  \nLH 2', 'a\n\n---\n\nb'].map((text) => slackifyMarkdown(text));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['LH 1\\\nLH 2\n', 'a\n\n***\n\nb\n'], 'slackify-markdown behaves differently now');
EOF
node_modules/.bin/node probe.mjs
