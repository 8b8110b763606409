#!/usr/bin/env bash
# Package:     chrono-node 2.10.3
# Expected:    "In 3 days" and "on the 5th at 14:30" give these days, or nothing.
# Actual:      Portuguese and French read the number after or before "a" as an hour of today.
# Output seen: {"daqui a 3 dias":"25 Nov 03:00","le 5 à 14h30":"25 Nov 05:00 to 25 Nov 14:30"}
# Consequence: A date in the future becomes an hour of today that has passed already.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { fr, pt } from 'chrono-node';

const noon = new Date(2026, 10, 25, 12);
const two = (number) => String(number).padStart(2, '0');
const show = (date) => `${date.getDate()} Nov ${two(date.getHours())}:${two(date.getMinutes())}`;
const seen = {};
for (const [language, phrase] of [
  [pt, 'daqui a 3 dias'],
  [fr, 'le 5 à 14h30'],
]) {
  const { start, end } = language.parse(phrase, noon)[0];
  seen[phrase] = show(start.date()) + (end ? ` to ${show(end.date())}` : '');
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 'daqui a 3 dias': '25 Nov 03:00', 'le 5 à 14h30': '25 Nov 05:00 to 25 Nov 14:30' },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
