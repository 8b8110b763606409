#!/usr/bin/env bash
# Package:     cron-schedule 6.0.0
# Expected:    Signs that the parser does not know, such as "#1" for the first Monday or "5L" for the last Friday, are
#              refused, as "L" is.
# Actual:      They are ignored: each Monday, each Friday. "5/15" is once an hour, at minute 5.
# Output seen: {"first Monday":["2026-12-07","2026-12-14"],"last
#              Friday":["2026-12-04","2026-12-11"],"5/15":["12:05","13:05"]}
# Consequence: The Agents SDK of Cloudflare plans with this package: a monthly report is sent each week.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error cron-schedule@6.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parseCronExpression } from 'cron-schedule';

const from = new Date('2026-12-01T12:00:00');
const local = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
const next = (expression) => parseCronExpression(expression).getNextDates(2, from).map(local);
const seen = {
  'first Monday': next('0 3 * * 1#1').map((each) => each.slice(0, 10)),
  'last Friday': next('0 3 * * 5L').map((each) => each.slice(0, 10)),
  '5/15': next('5/15 * * * *').map((each) => each.slice(11, 16)),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    'first Monday': ['2026-12-07', '2026-12-14'],
    'last Friday': ['2026-12-04', '2026-12-11'],
    '5/15': ['12:05', '13:05'],
  },
  'cron-schedule behaves differently now',
);
EOF
node probe.mjs
