#!/usr/bin/env bash
# Package:     libphonenumber-js 1.13.16
# Expected:    The number that WhatsApp gives a user in Mexico (+52 1 and ten digits) is valid, and equal to the same
#              number without the 1.
# Actual:      It is not valid, and its 1 stays: the two are different numbers. In Brazil the form without the ninth
#              digit is not valid either, with the full metadata. Argentina's 9 is right.
# Output seen: {"+5215512345678":[false,"+5215512345678"],"+525512345678":[true,"+525512345678"],"+554188887777":[false,"+554188887777"],"+5491123456789":[true,"+5491123456789"]}
# Consequence: Users who write from WhatsApp are refused, or do not find the account that has their number.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error libphonenumber-js@1.13.16 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import parse from 'libphonenumber-js/max';

const numbers = ['+5215512345678', '+525512345678', '+554188887777', '+5491123456789'];
const seen = Object.fromEntries(
  numbers.map((number) => {
    const parsed = parse(number);
    return [number, [parsed.isValid(), parsed.number]];
  }),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    '+5215512345678': [false, '+5215512345678'],
    '+525512345678': [true, '+525512345678'],
    '+554188887777': [false, '+554188887777'],
    '+5491123456789': [true, '+5491123456789'],
  },
  'libphonenumber-js behaves differently now',
);
EOF
node probe.mjs
