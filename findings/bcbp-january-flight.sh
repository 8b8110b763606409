#!/usr/bin/env bash
# Package:     bcbp 6.0.2
# Expected:    The boarding pass of a flight on 3 January, read on 28 December, is of next week.
# Actual:      A pass has the day of the year alone, and the current year is taken: the flight was a year ago, less a
#              week.
# Output seen: ["2026-12-28","2026-01-03"]
# Consequence: In the last days of December each traveller of January is told that the flight has left.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error bcbp@6.0.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { decode, encode } from 'bcbp';

const leg = {
  operatingCarrierPNR: 'ABC123',
  departureAirport: 'OSL',
  arrivalAirport: 'FCO',
  operatingCarrierDesignator: 'LH',
  flightNumber: '0001',
  flightDate: new Date('2027-01-03T00:00:00Z'),
  compartmentCode: 'Y',
  seatNumber: '012A',
  checkInSequenceNumber: '0025',
  passengerStatus: '1',
};
const pass = encode({ data: { passengerName: 'EXAMPLE/ANN', legs: [leg] } });

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...time) {
    super(...(time.length === 0 ? ['2026-12-28T12:00:00Z'] : time));
  }
};
const seen = [new Date(), decode(pass).data.legs[0].flightDate].map((date) => date.toISOString().slice(0, 10));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['2026-12-28', '2026-01-03'], 'bcbp behaves differently now');
EOF
node probe.mjs
