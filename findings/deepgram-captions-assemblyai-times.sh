#!/usr/bin/env bash
# Package:     @deepgram/captions 1.2.0
# Expected:    Words at 1,000 and 2,000 milliseconds, as AssemblyAI gives them, stand at seconds 1 and 2 of the
#              captions, each with its speaker.
# Actual:      The milliseconds are read as seconds, and without utterances both words are the first one's speaker's.
# Output seen: {"words":["00:16:40.000 --> 00:41:40.000","<v Speaker A>Rome? Oslo!"],"utterances":["00:16:40.000 --> 00:25:00.000","<v Speaker A>Rome?","00:33:20.000 --> 00:41:40.000","<v Speaker B>Oslo!"]}
# Consequence: A call of five minutes has captions up to hour 83, and a player shows none of them.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @deepgram/captions@1.2.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { AssemblyAiConverter, webvtt } from '@deepgram/captions';

const words = [
  { text: 'Rome?', start: 1000, end: 1500, confidence: 1, speaker: 'A' },
  { text: 'Oslo!', start: 2000, end: 2500, confidence: 1, speaker: 'B' },
];
const utterances = words.map((word) => ({ ...word, words: [word] }));
const write = (transcript) =>
  webvtt(new AssemblyAiConverter({ id: 't', ...transcript }))
    .split('\n')
    .filter((line) => /-->|<v/.test(line));
const seen = { words: write({ words }), utterances: write({ words, utterances }) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    words: ['00:16:40.000 --> 00:41:40.000', '<v Speaker A>Rome? Oslo!'],
    utterances: [
      '00:16:40.000 --> 00:25:00.000',
      '<v Speaker A>Rome?',
      '00:33:20.000 --> 00:41:40.000',
      '<v Speaker B>Oslo!',
    ],
  },
  '@deepgram/captions behaves differently now',
);
EOF
node probe.mjs
