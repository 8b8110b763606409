#!/usr/bin/env bash
# Package:     parse-money 1.0.12
# Expected:    "Extract money from text": the amount beside the currency.
# Actual:      All digits of the text are put together to one amount.
# Output seen: {"2 nights for 120.50 EUR":2120.5,"120-150 EUR":120150,"£20 and €30":2030,"120.50 EUR":120.5}
# Consequence: A budget of 120 euros for two nights is one of 2,120.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error parse-money@1.0.12 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import parseMoney from 'parse-money';

const texts = ['2 nights for 120.50 EUR', '120-150 EUR', '£20 and €30', '120.50 EUR'];
const seen = Object.fromEntries(texts.map((text) => [text, parseMoney.default(text).amount]));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { '2 nights for 120.50 EUR': 2120.5, '120-150 EUR': 120150, '£20 and €30': 2030, '120.50 EUR': 120.5 },
  'parse-money behaves differently now',
);
EOF
node probe.mjs
