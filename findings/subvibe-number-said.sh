#!/usr/bin/env bash
# Package:     @aj-archipelago/subvibe 1.0.12
# Expected:    The text "24" of a cue in WebVTT is its text, as it is in SRT.
# Actual:      In WebVTT a line of a cue that is a number is dropped, also from a file that subvibe itself has written.
# Output seen: {"vtt":["","to Rome on the"],"srt":["24","to Rome on the\n24"],"built":["","to Rome on the"]}
# Consequence: The transcript of a call lacks the number of travellers, the day or the room that the caller named.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @aj-archipelago/subvibe@1.0.12 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { build, parse } from '@aj-archipelago/subvibe';

const cues = `00:00:01.000 --> 00:00:02.000\n24\n\n00:00:03.000 --> 00:00:04.000\nto Rome on the\n24\n`;
const texts = (content) => parse(content).cues.map((cue) => cue.text);
const srt = `1\n${cues.replaceAll('.000', ',000').replace('\n\n', '\n\n2\n')}`;
const seen = { vtt: texts(`WEBVTT\n\n${cues}`), srt: texts(srt), built: texts(build(parse(srt).cues, 'vtt')) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { vtt: ['', 'to Rome on the'], srt: ['24', 'to Rome on the\n24'], built: ['', 'to Rome on the'] },
  '@aj-archipelago/subvibe behaves differently now',
);
EOF
node probe.mjs
