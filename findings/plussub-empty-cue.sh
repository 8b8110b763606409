#!/usr/bin/env bash
# Package:     @plussub/srt-vtt-parser 2.0.5
# Expected:    An empty cue has no text, and the cue after it has its own time.
# Actual:      The text of an empty cue is the next cue with its time line. With CRLF line ends each text ends with a
#              carriage return.
# Output seen: {"empty":[[1000,"\n00:00:09.000 --> 00:00:10.000\nFly to Rome"]],"crlf":[[9000,"Fly to Rome\r"]]}
# Consequence: A transcript shows a time as words of the caller, and the next sentence stands at a wrong time.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @plussub/srt-vtt-parser@2.0.5 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parse } from '@plussub/srt-vtt-parser';

const content = 'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\n00:00:09.000 --> 00:00:10.000\nFly to Rome\n';
const crlf = 'WEBVTT\n\n00:00:09.000 --> 00:00:10.000\nFly to Rome\n'.replaceAll('\n', '\r\n');
const read = (text) => parse(text).entries.map((entry) => [entry.from, entry.text]);
const seen = { empty: read(content), crlf: read(crlf) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { empty: [[1000, '\n00:00:09.000 --> 00:00:10.000\nFly to Rome']], crlf: [[9000, 'Fly to Rome\r']] },
  '@plussub/srt-vtt-parser behaves differently now',
);
EOF
node probe.mjs
