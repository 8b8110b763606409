#!/usr/bin/env bash
# Package:     chrono-node 2.10.3, German
# Expected:    "am 24.12. um 8 Uhr", the usual German way to write a day without a year, is 24 December at 8.
# Actual:      The date is skipped and the time is kept: today at 8. Alone, "am 24.12." is not understood.
# Output seen: {"am 24.12. um 8 Uhr":"25.11. 8 h","am 24.12.2026 um 8 Uhr":"24.12. 8 h","am 24.12.":null}
# Consequence: A booking for Christmas Eve becomes one for this morning.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { de } from 'chrono-node';

const noon = new Date(2026, 10, 25, 12);
const seen = {};
for (const phrase of ['am 24.12. um 8 Uhr', 'am 24.12.2026 um 8 Uhr', 'am 24.12.']) {
  const start = de.parse(phrase, noon)[0]?.start;
  seen[phrase] = start
    ? `${start.get('day')}.${start.get('month')}. ${start.get('hour')} h`
    : null;
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 'am 24.12. um 8 Uhr': '25.11. 8 h', 'am 24.12.2026 um 8 Uhr': '24.12. 8 h', 'am 24.12.': null },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
