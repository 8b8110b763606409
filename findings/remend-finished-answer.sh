#!/usr/bin/env bash
# Package:     remend 1.4.0 (completes Markdown while it streams; part of streamdown)
# Expected:    A finished answer comes out unchanged.
# Actual:      Nothing tells it that the answer is finished. A last "<b" is cut off as half a tag, and "5 ** 2" gets
#              an end mark for bold text.
# Output seen: ["Sort them so that a","Write 5 ** 2**"]
# Consequence: The reader sees other words than the ones stored, for good.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error remend@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import remend from 'remend';

const seen = ['Sort them so that a <b', 'Write 5 ** 2'].map((answer) => remend(answer));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Sort them so that a', 'Write 5 ** 2**'],
  'remend behaves differently now',
);
EOF
node probe.mjs
