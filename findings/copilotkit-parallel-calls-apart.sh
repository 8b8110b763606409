#!/usr/bin/env bash
# Package:     @copilotkit/runtime-client-gql 1.74.0
# Expected:    aguiToGQL() and gqlToAGUI() give back the message that they were given: one answer with a text and two
#              tool calls.
# Actual:      It comes back as three messages of the assistant, one for each call. The results of both calls come after
#              the last one.
# Output seen: ["u1","a1","c1:c1","c2:c2","t1","t2"], given ["u1","a1:c1,c2","t1","t2"]
# Consequence: A provider refuses the stored conversation: the first call is followed by another message of the
#              assistant, where its result has to be.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @copilotkit/runtime-client-gql@1.74.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const { aguiToGQL, gqlToAGUI } = createRequire(import.meta.url)('@copilotkit/runtime-client-gql');
const call = (id, city) => ({
  id,
  type: 'function',
  function: { name: 'search', arguments: JSON.stringify({ city }) },
});
const conversation = [
  { id: 'u1', role: 'user', content: 'Rome or Oslo?' },
  { id: 'a1', role: 'assistant', content: 'I look at both.', toolCalls: [call('c1', 'Rome'), call('c2', 'Oslo')] },
  { id: 't1', role: 'tool', toolCallId: 'c1', content: '120 EUR' },
  { id: 't2', role: 'tool', toolCallId: 'c2', content: '140 EUR' },
];
const seen = gqlToAGUI(aguiToGQL(conversation)).map(({ id, toolCalls }) =>
  toolCalls ? `${id}:${toolCalls.map((made) => made.id)}` : id,
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['u1', 'a1', 'c1:c1', 'c2:c2', 't1', 't2'],
  '@copilotkit/runtime-client-gql behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
