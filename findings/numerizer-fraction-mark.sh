#!/usr/bin/env bash
# Package:     numerizer 0.0.4
# Expected:    "fourth" is 4 or 4th, and "half board" stays, or is 1/2 board. A time of day stays two numbers.
# Actual:      A mark of the package itself stays in the text: "<frac>4", "<frac>2 board". Numbers that stand side by
#              side are added up: "eight thirty" is 38, and a flight's number the sum of its digits.
# Output seen: ["on the <frac>4 of May","the 20-<frac>4 of December","<frac>2 board for 2","at <frac>2 past 8","we leave at 38","flight 13"]
# Consequence: A request has no day, no time and another flight, and its text has a mark that nobody wrote.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error numerizer@0.0.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import numerizer from 'numerizer';

const texts = [
  'on the fourth of May',
  'the twenty-fourth of December',
  'half board for two',
  'at half past eight',
  'we leave at eight thirty',
  'flight four seven one one',
];
const seen = texts.map((text) => numerizer(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    'on the <frac>4 of May',
    'the 20-<frac>4 of December',
    '<frac>2 board for 2',
    'at <frac>2 past 8',
    'we leave at 38',
    'flight 13',
  ],
  'numerizer behaves differently now',
);
EOF
node probe.mjs
