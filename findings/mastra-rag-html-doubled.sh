#!/usr/bin/env bash
# Package:     @mastra/rag 2.6.4
# Expected:    The chunks of an HTML page have each word once.
# Actual:      Words are there once for each element around them. The cells of a table run together.
# Output seen: ["Intro Intro","Fly to Rome Fly to Rome LH 1120 LH 1120 LH 1 LH 1 120 120"]
# Consequence: Searches weigh nested words more, and the model reads a flight LH 1120.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @mastra/rag@2.6.4 @mastra/core@1.71.0 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { MDocument } from '@mastra/rag';

const table = '<table><tr><td>LH 1</td><td>120</td></tr></table>';
const html = `<h1>Trip</h1><p>Intro</p><h2>Day one</h2><p>Fly to Rome</p>${table}`;
const headers = [
  ['h1', 'title'],
  ['h2', 'day'],
];
const chunks = await MDocument.fromHTML(html).chunk({ strategy: 'html', headers });
const seen = chunks.map(({ text }) => text.replaceAll(/\s+/g, ' '));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Intro Intro', 'Fly to Rome Fly to Rome LH 1120 LH 1120 LH 1 LH 1 120 120'],
  '@mastra/rag behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
