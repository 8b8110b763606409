#!/usr/bin/env bash
# Package:     words-to-numbers 1.5.1
# Expected:    With `fuzzy` misspelled numbers are found ("twwenty"), and other words stay.
# Actual:      Most words become numbers. Without it, "two and a half hours" is "2 and 1 half hours".
# Output seen: ["2 and 1 half hours",1001,1e+30,"500600"]
# Consequence: A request for a one-way ticket to Rome is the number 1001.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error words-to-numbers@1.5.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { wordsToNumbers } from 'words-to-numbers';

const fuzzy = (text) => wordsToNumbers(text, { fuzzy: true });
const seen = [
  wordsToNumbers('two and a half hours'),
  fuzzy('one way to Rome'),
  fuzzy('oh no'),
  String(fuzzy('five hundred to six hundred euros')),
];
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['2 and 1 half hours', 1001, 1e30, '500600'], 'words-to-numbers behaves differently now');
EOF
node probe.mjs
