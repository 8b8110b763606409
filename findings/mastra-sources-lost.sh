#!/usr/bin/env bash
# Package:     @mastra/core 1.71.0
# Expected:    The sources of an answer are stored with it: UI messages come back from `Mastra.V2` with the parts that
#              they had.
# Actual:      A document is gone. A web page has lost its title, and its address stands in the place of its id. An
#              approval that a user gave or refused is gone too.
# Output seen: [{"type":"text","text":"At three."},{"type":"source-url","url":"https://example.com/rules","sourceId":"https://example.com/rules"},{"type":"tool-book","state":"input-available"}]
# Consequence: The chat shows its citations until it is loaded again. A call that waits for the user's approval looks
#              like one that is running.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @mastra/core@1.71.0 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertMessages } from '@mastra/core/agent';

const parts = [
  { type: 'text', text: 'At three.' },
  { type: 'source-document', sourceId: 'doc_1', mediaType: 'application/pdf', title: 'House rules' },
  { type: 'source-url', sourceId: 'web_1', url: 'https://example.com/rules', title: 'Rules' },
  {
    type: 'tool-book',
    toolCallId: 'call_1',
    state: 'approval-requested',
    input: {},
    approval: { id: 'approval_1' },
  },
];
const stored = convertMessages([
  { id: '1', role: 'user', parts: [{ type: 'text', text: 'When can I come?' }] },
  { id: '2', role: 'assistant', parts },
]).to('Mastra.V2');
const read = convertMessages(JSON.parse(JSON.stringify(stored))).to('AIV5.UI').at(-1).parts;
// Without the keys that are undefined.
const seen = read.map(({ toolCallId: _id, input: _input, ...part }) => JSON.parse(JSON.stringify(part)));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    { type: 'text', text: 'At three.' },
    { type: 'source-url', url: 'https://example.com/rules', sourceId: 'https://example.com/rules' },
    { type: 'tool-book', state: 'input-available' },
  ],
  '@mastra/core behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
