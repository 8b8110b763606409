#!/usr/bin/env bash
# Package:     chrono-node 2.10.3, German
# Expected:    "morgen früh" is tomorrow morning.
# Actual:      There are two results: "morgen", and "fr" of "früh" as Friday. A letter with an umlaut ends a word.
# Output seen: [["morgen","26"],["fr","27"]]
# Consequence: A trip from tomorrow gets Friday as its way back, and a search for a weekday finds one that
#              was never said.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { de } from 'chrono-node';

const wednesday = new Date(2026, 10, 25, 12);
const seen = de.parse('morgen früh', wednesday).map(({ text, start }) => [text, `${start.get('day')}`]);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    ['morgen', '26'],
    ['fr', '27'],
  ],
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
