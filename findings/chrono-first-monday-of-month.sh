#!/usr/bin/env bash
# Package:     chrono-node 2.10.3
# Expected:    "first Monday of January" is 4 January 2027, or no day at all.
# Actual:      The ordinal is skipped. The weekday is the next one, and the month is a second date.
# Output seen: {"first Monday of January":["2026-11-30","2027-01-01"],"the second Friday of January":["2026-12-04","2027-01-01"],"last Sunday in January":["2026-12-06","2027-01-01"]}
# Consequence: A trip in January becomes a trip from tomorrow to New Year's Day.
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
const days = (text) =>
  parse(text, now, { forwardDate: true }).map(({ start }) =>
    ['year', 'month', 'day'].map((part) => String(start.get(part)).padStart(2, '0')).join('-'),
  );
const seen = Object.fromEntries(
  ['first Monday of January', 'the second Friday of January', 'last Sunday in January'].map((text) => [
    text,
    days(text),
  ]),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    'first Monday of January': ['2026-11-30', '2027-01-01'],
    'the second Friday of January': ['2026-12-04', '2027-01-01'],
    'last Sunday in January': ['2026-12-06', '2027-01-01'],
  },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
