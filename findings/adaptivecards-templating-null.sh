#!/usr/bin/env bash
# Package:     adaptivecards-templating 2.3.1, adaptive-expressions 4.23.3
# Expected:    A card with a field that is null in the middle of a text is expanded, with nothing or the name of the
#              field at its place.
# Actual:      It is a TypeError, and no card. A missing field leaves its expression in the text, and a null that is the
#              whole text stays null.
# Output seen: ["Seat: 0","Seat: ${seat}",null,"TypeError: Cannot read properties of null (reading 'toString')"]
# Consequence: One traveller without a seat leaves the chat without the card of the whole booking.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error adaptivecards-templating@2.3.1 adaptive-expressions@4.23.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Template } from 'adaptivecards-templating';

const expand = (text, $root) => {
  try {
    return new Template({ type: 'TextBlock', text }).expand({ $root }).text;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};
const seen = [
  expand('Seat: ${seat}', { seat: 0 }),
  expand('Seat: ${seat}', {}),
  expand('${seat}', { seat: null }),
  expand('Seat: ${seat}', { seat: null }),
];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Seat: 0', 'Seat: ${seat}', null, "TypeError: Cannot read properties of null (reading 'toString')"],
  'adaptivecards-templating behaves differently now',
);
EOF
node probe.mjs
