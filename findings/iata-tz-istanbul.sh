#!/usr/bin/env bash
# Package:     iata-tz 1.0.3
# Expected:    Istanbul's airport (IST, since 2018) is at UTC+3, or its code is refused as unknown.
# Actual:      It is known, and at UTC: the name of its zone is `\N`, the NULL of the table that it came from. So is
#              Beijing Daxing (PKX). Only a line in the log tells.
# Output seen: {"IST":"12:00","PKX":"12:00","SAW":"15:00"}
# Consequence: Every time of departure from Istanbul is three hours off. The city's other airport (SAW) is right.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error iata-tz@1.0.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import iata from 'iata-tz';

console.error = () => {};
const local = (code) => iata.convertFromUTC(code, '2027-07-01 12:00:00').slice(11, 16);
const seen = Object.fromEntries(['IST', 'PKX', 'SAW'].map((code) => [code, local(code)]));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { IST: '12:00', PKX: '12:00', SAW: '15:00' }, 'iata-tz behaves differently now');
EOF
node probe.mjs
