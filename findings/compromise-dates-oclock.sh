#!/usr/bin/env bash
# Package:     compromise 14.17.0, compromise-dates 3.9.0
# Expected:    "5 o'clock in the afternoon" is 17:00, as "5pm" is.
# Actual:      It is 14:00, without an error: the words of the daytime win over the hour. "9 o'clock in the evening"
#              is 18:00. With "tomorrow" before it there are two results: 17:00 of tomorrow, and 14:00 of today.
# Output seen: [["12-02 17:00"],["12-02 14:00"],["12-02 18:00"],["12-02 09:00"],["12-03 17:00","12-02 14:00"]]
# Consequence: A transfer, a table or a reminder is hours early, and the user is not asked again.
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
const clock = (start) => start.slice(5, 16).replace('T', ' ');
const phrases = [
  '5pm',
  "5 o'clock in the afternoon",
  "at 9 o'clock in the evening",
  "at 10 o'clock in the morning",
  "tomorrow at 5 o'clock in the afternoon",
];
const seen = phrases.map((phrase) =>
  nlp(phrase)
    .dates(context)
    .get()
    .map(({ start }) => clock(start)),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [['12-02 17:00'], ['12-02 14:00'], ['12-02 18:00'], ['12-02 09:00'], ['12-03 17:00', '12-02 14:00']],
  'compromise-dates behaves differently now',
);
EOF
node probe.mjs
