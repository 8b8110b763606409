#!/usr/bin/env bash
# Package:     @microsoft/recognizers-text-date-time 1.3.2
# Expected:    "2026-12-24T08:00" has one meaning. Two values are for what is ambiguous, such as "at 8".
# Actual:      An ISO time before noon has two: 8:00 and 20:00. One in the afternoon has one.
# Output seen: [["2026-12-24 08:00:00","2026-12-24 20:00:00"],["2026-12-24 20:00:00"]]
# Consequence: The last value is usually the one to take, since "Friday" gives the past Friday first. Departures in
#              the morning then leave in the evening.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @microsoft/recognizers-text-date-time@1.3.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import recognizers from '@microsoft/recognizers-text-date-time';

const reference = new Date(2026, 11, 2, 10);
const seen = ['2026-12-24T08:00', '2026-12-24T20:00'].map((text) =>
  recognizers
    .recognizeDateTime(`depart ${text}`, 'en-us', undefined, reference)
    .flatMap(({ resolution }) => resolution.values.map((value) => value.value)),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [['2026-12-24 08:00:00', '2026-12-24 20:00:00'], ['2026-12-24 20:00:00']],
  '@microsoft/recognizers-text-date-time behaves differently now',
);
EOF
node probe.mjs
