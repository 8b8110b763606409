#!/usr/bin/env bash
# Package:     @deepgram/captions 1.2.0
# Expected:    The captions of a call that was recorded with a channel for each party have the words of both.
# Actual:      Only the first channel is written, below a note that says that there are two.
# Output seen: ["Channels: 2","Where to?"]
# Consequence: The transcript of a call holds the agent's half, and nothing that the customer said.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @deepgram/captions@1.2.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { webvtt } from '@deepgram/captions';

const channel = (...words) => ({
  alternatives: [
    { words: words.map((word, at) => ({ word, punctuated_word: word, start: at, end: at + 0.5, confidence: 1 })) },
  ],
});
const channels = [channel('Where', 'to?'), channel('Rome', 'please.')];
const metadata = { request_id: 'r', created: '2026-11-29', duration: 2, channels: channels.length };
const seen = webvtt({ metadata, results: { channels } })
  .split('\n')
  .filter((line) => /^(Channels|Where|Rome)/.test(line));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['Channels: 2', 'Where to?'], '@deepgram/captions behaves differently now');
EOF
node probe.mjs
