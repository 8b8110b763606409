#!/usr/bin/env bash
# Package:     @cheap-glitch/mi-cron 1.0.1
# Expected:    "0 0 31 * *" after 29 November is 31 December, and "0 0 29 2 *" is in the next leap year. "0 9 13 * 1" is
#              each 13th and each Monday, as in cron.
# Actual:      They are 1 December and 1 March 2027: a day that a month does not have is the first of the next. The
#              third one waits for a Monday that is a 13th.
# Output seen: ["2026-12-01","2027-03-01","2027-09-13"]
# Consequence: A report for the 31st is sent on the first, and one for Mondays comes nine months later.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @cheap-glitch/mi-cron@1.0.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parseCron } from '@cheap-glitch/mi-cron';

process.env.TZ = 'UTC';
const seen = ['0 0 31 * *', '0 0 29 2 *', '0 9 13 * 1'].map((schedule) =>
  parseCron.nextDate(schedule, new Date('2026-11-29T10:00:00Z')).toISOString().slice(0, 10),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['2026-12-01', '2027-03-01', '2027-09-13'],
  '@cheap-glitch/mi-cron behaves differently now',
);
EOF
node probe.mjs
