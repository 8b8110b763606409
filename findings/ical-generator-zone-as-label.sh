#!/usr/bin/env bash
# Package:     ical-generator 11.1.2
# Expected:    With `timezone`, an event that begins at 08:00 UTC begins at 09:00 in Berlin.
# Actual:      The clock time of the server is kept, and the zone is written beside it. The file has no definition of
#              the zone.
# Output seen: ["DTSTART:20261224T080000Z","DTSTART;TZID=Europe/Berlin:20261224T080000"]
# Consequence: A flight stands in the calendar an hour early, and at another hour on each server.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error ical-generator@11.1.2 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import ical from 'ical-generator';

process.env.TZ = 'UTC';
const startOf = (more) => {
  const calendar = ical();
  calendar.createEvent({ start: new Date('2026-12-24T08:00:00Z'), summary: 'LH 1', ...more });
  return calendar.toString().match(/DTSTART.*/)[0];
};
const seen = [startOf({}), startOf({ timezone: 'Europe/Berlin' })];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['DTSTART:20261224T080000Z', 'DTSTART;TZID=Europe/Berlin:20261224T080000'],
  'ical-generator behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
