#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0
# Expected:    `NumberedListOutputParser` gives the elements of the list, which begin their lines.
# Actual:      A number with a dot in a sentence before the list begins an element, too.
# Output seen: [["Dezember fliegen Sie:","nach Rom","nach Oslo"],["It may rise.","Rome","Oslo"]]
# Consequence: A list of two cities has three, and one of them is the rest of a date or of a price.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { NumberedListOutputParser } from '@langchain/core/output_parsers';

const parser = new NumberedListOutputParser();
const seen = [
  await parser.parse('Am 24. Dezember fliegen Sie:\n1. nach Rom\n2. nach Oslo'),
  await parser.parse('The fare is 120. It may rise.\n\n1. Rome\n2. Oslo'),
];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    ['Dezember fliegen Sie:', 'nach Rom', 'nach Oslo'],
    ['It may rise.', 'Rome', 'Oslo'],
  ],
  '@langchain/core behaves differently now',
);
EOF
node probe.mjs
