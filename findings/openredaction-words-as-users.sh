#!/usr/bin/env bash
# Package:     @openredaction/openredaction 1.0.4
# Expected:    "Flight LH 400 on 24.12.2026" has no personal details, or the number of the flight at most.
# Actual:      "on" and the date are users of Instagram, "I pay 1,200.50 EUR" is a salary, and London Heathrow a name.
# Output seen: ["[IG_USER] [FLIGHT] [IG_USER] [IG_USER]","I pay [SALARY] EUR","We fly [NAME] to [NAME]"]
# Consequence: A model that gets redacted questions is asked for a flight without a place, a day or a price.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @openredaction/openredaction@1.0.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { OpenRedaction } from '@openredaction/openredaction';

const texts = ['Flight LH 400 on 24.12.2026', 'I pay 1,200.50 EUR', 'We fly London Heathrow to New York'];
const seen = [];
for (const text of texts) {
  const { redacted } = await new OpenRedaction().detect(text);
  seen.push(redacted.replaceAll(/_\d+\]/g, ']'));
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['[IG_USER] [FLIGHT] [IG_USER] [IG_USER]', 'I pay [SALARY] EUR', 'We fly [NAME] to [NAME]'],
  '@openredaction/openredaction behaves differently now',
);
EOF
node probe.mjs
