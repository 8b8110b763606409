#!/usr/bin/env bash
# Package:     city-timezones 1.3.4
# Expected:    `lookupViaCity("London")` has the largest London first, and finds cities with and without their accents.
# Actual:      The first is London in Ontario. São Paulo is found without accents alone, Zürich with them alone.
# Output seen: {"London":"America/Toronto","São Paulo":null,"Sao
#              Paulo":"America/Sao_Paulo","Zürich":"Europe/Zurich","Zurich":null}
# Consequence: A departure from London is shown five hours off.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error city-timezones@1.3.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import cities from 'city-timezones';

const names = ['London', 'São Paulo', 'Sao Paulo', 'Zürich', 'Zurich'];
const seen = Object.fromEntries(names.map((name) => [name, cities.lookupViaCity(name)[0]?.timezone ?? null]));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    London: 'America/Toronto',
    'São Paulo': null,
    'Sao Paulo': 'America/Sao_Paulo',
    Zürich: 'Europe/Zurich',
    Zurich: null,
  },
  'city-timezones behaves differently now',
);
EOF
node probe.mjs
