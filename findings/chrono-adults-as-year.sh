#!/usr/bin/env bash
# Package:     chrono-node 2.10.3
# Expected:    "24 Dec 2 adults" is 24 December 2026. The number belongs to the travellers.
# Actual:      "2 ad" is the year 2 AD, and "2 be" of "2 bedrooms" is a year of the Buddhist era. Both are marked as
#              certain.
# Output seen: {"24 Dec 2 adults":[2,12,24,true],"Dec 24 3 adults 1 child":[3,12,24,true],"24 Dec 2 bedrooms":[-541,12,24,true],"24 Dec 2 children":[2026,12,24,false]}
# Consequence: A search that names the travellers after the day asks for a day two thousand years ago.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parse } from 'chrono-node';

const now = new Date('2026-11-29T10:00:00');
const read = (text) => {
  const { start } = parse(text, now, { forwardDate: true })[0];
  return [text, [start.get('year'), start.get('month'), start.get('day'), start.isCertain('year')]];
};
const seen = Object.fromEntries(
  ['24 Dec 2 adults', 'Dec 24 3 adults 1 child', '24 Dec 2 bedrooms', '24 Dec 2 children'].map(read),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    '24 Dec 2 adults': [2, 12, 24, true],
    'Dec 24 3 adults 1 child': [3, 12, 24, true],
    '24 Dec 2 bedrooms': [-541, 12, 24, true],
    '24 Dec 2 children': [2026, 12, 24, false],
  },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
