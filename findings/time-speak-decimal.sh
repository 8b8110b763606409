#!/usr/bin/env bash
# Package:     time-speak 1.9.0
# Expected:    "in 1.5 hours" is in ninety minutes, or is not read, as "in half an hour" is not.
# Actual:      The dot is dropped: it is in fifteen hours.
# Output seen: [90,900,"Invalid input (invalid unit: half): in half an hour"]
# Consequence: The taxi of this afternoon comes tomorrow.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error time-speak@1.9.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parse } from 'time-speak';

const minutes = (text) => {
  try {
    return Math.round((parse(text) - Date.now()) / 60_000);
  } catch (error) {
    return error.message;
  }
};
const seen = ['in 90 minutes', 'in 1.5 hours', 'in half an hour'].map((text) => minutes(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [90, 900, 'Invalid input (invalid unit: half): in half an hour'],
  'time-speak behaves differently now',
);
EOF
node probe.mjs
