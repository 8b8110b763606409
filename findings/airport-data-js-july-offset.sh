#!/usr/bin/env bash
# Package:     airport-data-js 4.0.0
# Expected:    The field `utc` of an airport is the standard offset of its zone.
# Actual:      It is the offset in July: summer time in the north, standard time in the south.
# Output seen: {"LHR":[1,"Europe/London"],"JFK":[-4,"America/New_York"],"SYD":[10,"Australia/Sydney"]}
# Consequence: Times of departure are an hour off for half of the year, and for the other half in Sydney.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error airport-data-js@4.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import * as airports from 'airport-data-js';

const { getAirportByIata } = airports.default ?? airports;
const seen = {};
for (const code of ['LHR', 'JFK', 'SYD']) {
  const [{ utc, time }] = await getAirportByIata(code);
  seen[code] = [utc, time];
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { LHR: [1, 'Europe/London'], JFK: [-4, 'America/New_York'], SYD: [10, 'Australia/Sydney'] },
  'airport-data-js behaves differently now',
);
EOF
node probe.mjs
