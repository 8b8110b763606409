#!/usr/bin/env bash
# Package:     itty-time 2.0.2
# Expected:    A unit that `ms()` does not know, such as "min", is refused, or gives no number, as "30d" does.
# Actual:      The number alone is taken, as milliseconds.
# Output seen: {"10 minutes":600000,"10 min":10,"2 yrs":2,"30d":null}
# Consequence: A lock of ten minutes ends after ten milliseconds.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error itty-time@2.0.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { ms } from 'itty-time';

const texts = ['10 minutes', '10 min', '2 yrs', '30d'];
const seen = Object.fromEntries(texts.map((text) => [text, Number.isNaN(ms(text)) ? null : ms(text)]));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { '10 minutes': 600_000, '10 min': 10, '2 yrs': 2, '30d': null }, 'itty-time behaves differently now');
EOF
node probe.mjs
