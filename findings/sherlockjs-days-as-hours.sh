#!/usr/bin/env bash
# Package:     sherlockjs 1.4.2
# Expected:    "from 24 to 28 December" are these days, and "at 8:30" is in the morning, or open.
# Actual:      The stay begins tomorrow at midnight: 24 is an hour. The flight leaves at 20:30.
# Output seen: ["Nov 30 2026 00:00 - Dec 28 2026 00:00","Dec 24 2026 20:30"]
# Consequence: A hotel is searched for four weeks, and a flight for the evening.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error sherlockjs@1.4.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import Sherlock from 'sherlockjs';

Sherlock._setNow(new Date(2026, 10, 29, 12, 0));
const at = (date) => date?.toString().slice(4, 21);
const stay = Sherlock.parse('hotel from 24 to 28 December');
const flight = Sherlock.parse('Flight on December 24 at 8:30');
const seen = [`${at(stay.startDate)} - ${at(stay.endDate)}`, at(flight.startDate)];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Nov 30 2026 00:00 - Dec 28 2026 00:00', 'Dec 24 2026 20:30'],
  'sherlockjs behaves differently now',
);
EOF
node probe.mjs
