#!/usr/bin/env bash
# Package:     parse-messy-time 2.1.0
# Expected:    "7.45pm", as times are written in Britain, is 19:45 or is refused.
# Actual:      It is 19:27: the part after the dot is a fraction of an hour.
# Output seen: ["19:45","19:27","20:18"]
# Consequence: A pick-up is 18 minutes early. The time looks like one that a person chose.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error parse-messy-time@2.1.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import parse from 'parse-messy-time';

const now = new Date(2026, 11, 2, 10);
const seen = ['tomorrow at 7:45pm', 'tomorrow at 7.45pm', 'tomorrow at 8.30 pm'].map((text) =>
  parse(text, { now }).toTimeString().slice(0, 5),
);
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['19:45', '19:27', '20:18'], 'parse-messy-time behaves differently now');
EOF
node probe.mjs
