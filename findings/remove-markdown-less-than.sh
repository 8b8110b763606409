#!/usr/bin/env bash
# Package:     remove-markdown 0.7.0
# Expected:    Only the marks of Markdown go. A comparison is text, and a Markdown link in angle brackets is its address.
# Actual:      All between "<" and ">" is removed as HTML: half of a sentence, web addresses and e-mail addresses. By
#              CommonMark there is no HTML in any of them.
# Output seen: ["Book if the price  2.","Pay at  today.","Write to ."]
# Consequence: A plain text for SMS, a preview or a title has lost its numbers and its link.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error remove-markdown@0.7.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import removeMarkdown from 'remove-markdown';

const seen = [
  'Book if the price < 100 and seats > 2.',
  'Pay at <https://example.com/pay> today.',
  'Write to <desk@example.com>.',
].map((text) => removeMarkdown(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Book if the price  2.', 'Pay at  today.', 'Write to .'],
  'remove-markdown behaves differently now',
);
EOF
node probe.mjs
