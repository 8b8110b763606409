#!/usr/bin/env bash
# Package:     adaptivecards-templating 2.3.1, adaptive-expressions 4.23.3
# Expected:    The price of 175 for two is 87.5 each, as it is if one of the numbers has a fraction.
# Actual:      Two whole numbers give a whole number: 87. JSON has no way to write 175.0 so that it stays a fraction.
# Output seen: [87,87,87.75]
# Consequence: Cards show prices for each traveller that do not add up, on some days only.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error adaptivecards-templating@2.3.1 adaptive-expressions@4.23.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Template } from 'adaptivecards-templating';

const share = (price) => new Template({ text: '${price / 2}' }).expand({ $root: JSON.parse(`{"price":${price}}`) }).text;
const seen = [share('175'), share('175.0'), share('175.5')];
console.log(JSON.stringify(seen));
assert.deepEqual(seen, [87, 87, 87.75], 'adaptivecards-templating behaves differently now');
EOF
node probe.mjs
