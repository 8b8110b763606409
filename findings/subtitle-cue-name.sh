#!/usr/bin/env bash
# Package:     subtitle 4.2.2
# Expected:    A WebVTT file whose cues have names, or that has a STYLE block, is read: both are part of the format.
# Actual:      Only numbers are taken as names. Any other name, and a STYLE block, end the reading with an error.
# Output seen: {"number":["Fly to Rome"],"name":"expected timestamp at row 3, but received: \"4f2c/12-0\"","style":"expected timestamp at row 3, but received: \"STYLE\""}
# Consequence: Transcripts of meetings, whose cues are named by ids such as "4f2c/12-0", cannot be imported.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error subtitle@4.2.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parseSync } from 'subtitle';

const cue = '00:00:01.000 --> 00:00:02.000\nFly to Rome\n';
const read = (content) => {
  try {
    return parseSync(content)
      .filter((node) => node.type === 'cue')
      .map((node) => node.data.text);
  } catch (error) {
    return error.message;
  }
};
const seen = {
  number: read(`WEBVTT\n\n1\n${cue}`),
  name: read(`WEBVTT\n\n4f2c/12-0\n${cue}`),
  style: read(`WEBVTT\n\nSTYLE\n::cue { color: white }\n\n${cue}`),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    number: ['Fly to Rome'],
    name: 'expected timestamp at row 3, but received: "4f2c/12-0"',
    style: 'expected timestamp at row 3, but received: "STYLE"',
  },
  'subtitle behaves differently now',
);
EOF
node probe.mjs
