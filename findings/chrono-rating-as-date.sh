#!/usr/bin/env bash
# Package:     chrono-node 2.10.3, English
# Expected:    A rating such as "4.5/5" is no date, like the version "2.10.3" and the price "10.12 euros".
# Actual:      The last digit of the decimal number and the maximum become 5 May, with month and day as certain.
# Output seen: {"version 2.10.3":null,"10.12 euros":null,"rated 4.5/5":"5 May, certain"}
# Consequence: "A hotel rated 4.5/5, please" changes the day of travel.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { en } from 'chrono-node';

const today = new Date(2026, 10, 25, 12);
const seen = {};
for (const phrase of ['version 2.10.3', '10.12 euros', 'rated 4.5/5']) {
  const start = en.parse(phrase, today)[0]?.start;
  const certain = start?.isCertain('day') && start.isCertain('month') ? ', certain' : '';
  seen[phrase] = start
    ? `${start.get('day')} ${start.date().toLocaleString('en', { month: 'long' })}${certain}`
    : null;
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 'version 2.10.3': null, '10.12 euros': null, 'rated 4.5/5': '5 May, certain' },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
