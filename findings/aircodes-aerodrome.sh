#!/usr/bin/env bash
# Package:     aircodes 1.3.16
# Expected:    findAirport() and findAirline() give the best match first: the code, or the name that is the query.
# Actual:      They give each entry that has the letters somewhere, in the order of the codes. "Rome" is in each
#              "aerodrome", and the code BER is the 16th of 216.
# Output seen: {"Rome":"AGX Agatti Island","BER":"ABR Aberdeen","Lufthansa":"CL Lufthansa CityLine"}
# Consequence: A traveller to Rome is shown flights to Agatti Island.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error aircodes@1.3.16 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const { findAirline, findAirport } = createRequire(import.meta.url)('aircodes');
const [rome] = findAirport('Rome');
const [berlin] = findAirport('BER');
const [lufthansa] = findAirline('Lufthansa');
const seen = {
  Rome: `${rome.iata} ${rome.city}`,
  BER: `${berlin.iata} ${berlin.city}`,
  Lufthansa: `${lufthansa.iata} ${lufthansa.name}`,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { Rome: 'AGX Agatti Island', BER: 'ABR Aberdeen', Lufthansa: 'CL Lufthansa CityLine' },
  'aircodes behaves differently now',
);
EOF
node probe.mjs
