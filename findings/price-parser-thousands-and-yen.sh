#!/usr/bin/env bash
# Package:     price-parser 3.4.0
# Expected:    "£1.5k" is 1,500 pounds, or is not read. The value of "¥12000" in the smallest unit is 12,000: the yen
#              has no smaller one.
# Actual:      "£1.5k" is one pound, and "¥12000" has the value 1,200,000.
# Output seen: [{"text":"£1.5k","amount":1},{"text":"¥12000","smallest":1200000}]
# Consequence: A budget of 1,500 pounds finds nothing, and one in yen finds everything.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error price-parser@3.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import prices from 'price-parser';

const seen = [
  { text: '£1.5k', amount: prices.parseFirst('£1.5k').floatValue },
  { text: '¥12000', smallest: prices.parseFirst('¥12000').value },
];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    { text: '£1.5k', amount: 1 },
    { text: '¥12000', smallest: 1_200_000 },
  ],
  'price-parser behaves differently now',
);
EOF
node probe.mjs
