#!/usr/bin/env bash
# Package:     sms-length 0.2.2, sms-counter 1.0.0, sms-segments-calculator 1.3.0
# Expected:    A sign of two units, such as "€" or an emoji, is not cut: where it does not fit, a message begins with
#              it. So 152 letters, "€" and 152 letters are three messages, as Twilio's calculator says.
# Actual:      sms-length and sms-counter divide the units by the size of a message: the unit that a cut leaves empty is
#              not counted. For sms-counter 81 "€", which are 162 units, are one message, too.
# Output seen: [{"length":2,"counter":2,"calculator":3},{"length":2,"counter":2,"calculator":3},{"length":2,"counter":1,"calculator":2}]
# Consequence: A reply that was shortened to two messages is sent, and paid for, as three.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error sms-length@0.2.2 sms-counter@1.0.0 sms-segments-calculator@1.3.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { SegmentedMessage } from 'sms-segments-calculator';
import counter from 'sms-counter';
import { count } from 'sms-length';

const texts = [`${'a'.repeat(152)}€${'b'.repeat(152)}`, `${'a'.repeat(66)}😀${'b'.repeat(66)}`, '€'.repeat(81)];
const seen = texts.map((text) => ({
  length: count(text).messages,
  counter: counter.count(text).messages,
  calculator: new SegmentedMessage(text).segmentsCount,
}));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    { length: 2, counter: 2, calculator: 3 },
    { length: 2, counter: 2, calculator: 3 },
    { length: 2, counter: 1, calculator: 2 },
  ],
  'sms-length or sms-counter behaves differently now',
);
EOF
node probe.mjs
