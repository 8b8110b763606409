#!/usr/bin/env bash
# Package:     chrono-node 2.10.3, English
# Expected:    "midnight tonight" and "tonight at 12" are the end of this day; "tomorrow night at 1" is 01:00.
# Actual:      12 becomes noon and 1 becomes 13:00, with day and hour as certain. "midnight" alone is right.
# Output seen: {"midnight":"26 00:00","midnight tonight":"25 12:00","tonight at 12":"25 12:00",
#              "tomorrow night at 1":"26 13:00"}
# Consequence: A deadline at midnight has passed before the user wrote it.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { en } from 'chrono-node';

const afternoon = new Date(2026, 10, 25, 15);
const seen = {};
for (const phrase of ['midnight', 'midnight tonight', 'tonight at 12', 'tomorrow night at 1']) {
  const { start } = en.parse(phrase, afternoon)[0];
  seen[phrase] = `${start.get('day')} ${String(start.get('hour')).padStart(2, '0')}:00`;
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    midnight: '26 00:00',
    'midnight tonight': '25 12:00',
    'tonight at 12': '25 12:00',
    'tomorrow night at 1': '26 13:00',
  },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
