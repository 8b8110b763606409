#!/usr/bin/env bash
# Package:     chrono-node 2.10.3
# Expected:    "in two and a half weeks" is in 18 days, as "in 2.5 weeks" is.
# Actual:      Only "half weeks" is read: half a week. The same with hours.
# Output seen: {"in two and a half weeks":["half weeks",4],"in 2.5 weeks":["in 2.5 weeks",18],"in one and a half hours":["half hours",0.02]}
# Consequence: A flight in December's middle is searched for four days from now, and a taxi comes an hour early.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parse } from 'chrono-node';

const now = new Date('2026-11-29T10:00:00');
const read = (text) => {
  const [found] = parse(text, now, { forwardDate: true });
  return [text, [found.text, Number(((found.start.date() - now) / 86_400_000).toFixed(2))]];
};
const seen = Object.fromEntries(['in two and a half weeks', 'in 2.5 weeks', 'in one and a half hours'].map(read));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    'in two and a half weeks': ['half weeks', 4],
    'in 2.5 weeks': ['in 2.5 weeks', 18],
    'in one and a half hours': ['half hours', 0.02],
  },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
