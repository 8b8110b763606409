#!/usr/bin/env bash
# Package:     gsm 0.1.4
# Expected:    A text of 132 letters and an emoji, 134 units, is cut into parts that are whole characters.
# Actual:      An emoji at the cut is in two parts, half in each.
# Output seen: {"whole":false,"cut":["\ud83d","\ude00"]}
# Consequence: A reader of a reply by SMS sees two boxes in the place of a sign.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error gsm@0.1.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import gsm from 'gsm';

const { parts } = gsm(`${'a'.repeat(66)}😀${'б'.repeat(66)}`);
const seen = {
  whole: parts.every((part) => part.isWellFormed()),
  cut: [parts[0].at(-1), parts[1].at(0)],
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { whole: false, cut: ['\ud83d', '\ude00'] },
  'gsm behaves differently now',
);
EOF
node probe.mjs
