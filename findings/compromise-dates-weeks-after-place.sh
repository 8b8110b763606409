#!/usr/bin/env bash
# Package:     compromise 14.17.0, compromise-dates 3.9.0
# Expected:    "two weeks from now" is the same day as "2 weeks from now", also after the name of a place.
# Actual:      After "Paris" the written number is dropped: "two weeks from now" is today, and "two days before
#              Christmas" is all days from today to Christmas. With a digit, or without the place, both are right.
# Output seen: [["12-16"],["12-16"],["12-02"],["12-23"],["12-02","12-25"]]
# Consequence: A flight in two weeks is searched for today. A test with the phrase alone is green.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error compromise@14.17.0 compromise-dates@3.9.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import nlp from 'compromise';
import dates from 'compromise-dates';

nlp.plugin(dates);
const context = { today: '2026-12-02', timezone: 'UTC' };
const phrases = [
  'two weeks from now',
  'fly to Paris 2 weeks from now',
  'fly to Paris two weeks from now',
  'two days before Christmas',
  'fly to Paris two days before Christmas',
];
const seen = phrases.map((phrase) =>
  nlp(phrase)
    .dates(context)
    .get()
    .flatMap(({ start, end }) => [...new Set([start.slice(5, 10), end.slice(5, 10)])]),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [['12-16'], ['12-16'], ['12-02'], ['12-23'], ['12-02', '12-25']],
  'compromise-dates behaves differently now',
);
EOF
node probe.mjs
