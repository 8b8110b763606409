#!/usr/bin/env bash
# Package:     chat 4.41.1 (Chat SDK)
# Expected:    The plain text of a message that begins with a German date is the text as it was typed.
# Actual:      The day is gone: "24. " at the beginning of a line is the number of a list, and numbers of lists are
#              dropped. A year is dropped in the same way.
# Output seen: ["Dezember nach Paris","Am 24. Dezember nach Paris","Paris\nRome","A good year."]
# Consequence: A booking for Christmas Eve becomes one for some day of December. A ranked answer loses its ranks.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chat@4.41.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { markdownToPlainText } from 'chat';

const texts = ['24. Dezember nach Paris', 'Am 24. Dezember nach Paris', '1. Paris\n2. Rome', '2027. A good year.'];
const seen = texts.map((text) => markdownToPlainText(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Dezember nach Paris', 'Am 24. Dezember nach Paris', 'Paris\nRome', 'A good year.'],
  'chat behaves differently now',
);
EOF
node probe.mjs
