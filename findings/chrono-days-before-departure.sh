#!/usr/bin/env bash
# Package:     chrono-node 2.10.3
# Expected:    "2 days before departure" and "two days before Christmas" are no days that chrono knows. "a day before 24
#              December" is 23 December.
# Actual:      Only the last one is right. The others are counted from now, even with `forwardDate`: they are days in the
#              past, marked as certain.
# Output seen: {"Can I cancel 2 days before departure?":["2026-11-27",true],"two days before Christmas":["2026-11-27",true],"1 week after arrival":["2026-12-06",true],"a day before 24 December":["2026-12-23",true]}
# Consequence: A question about the rules of a booking sets a day of travel that has passed.
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
  const { start } = parse(text, now, { forwardDate: true })[0];
  const day = ['year', 'month', 'day'].map((part) => String(start.get(part)).padStart(2, '0')).join('-');
  return [text, [day, start.isCertain('day')]];
};
const seen = Object.fromEntries(
  [
    'Can I cancel 2 days before departure?',
    'two days before Christmas',
    '1 week after arrival',
    'a day before 24 December',
  ].map(read),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    'Can I cancel 2 days before departure?': ['2026-11-27', true],
    'two days before Christmas': ['2026-11-27', true],
    '1 week after arrival': ['2026-12-06', true],
    'a day before 24 December': ['2026-12-23', true],
  },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
