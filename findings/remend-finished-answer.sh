#!/usr/bin/env bash
# Package:     remend 1.4.0
# Expected:    `remend()` closes what a stream has not closed yet. A complete answer stays as it is.
# Actual:      It sees no difference: a "**" or "*" that CommonMark takes as text gets a second one at the end.
# Output seen: ["In Python 2 ** 3 is 8.**","The mark \"*\" means breakfast.*","See [1] and 5 * 3."]
# Consequence: An answer on screen has marks that the model did not write.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error remend@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import remend from 'remend';

const seen = ['In Python 2 ** 3 is 8.', 'The mark "*" means breakfast.', 'See [1] and 5 * 3.'].map((text) => remend(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['In Python 2 ** 3 is 8.**', 'The mark "*" means breakfast.*', 'See [1] and 5 * 3.'],
  'remend behaves differently now',
);
EOF
node probe.mjs
