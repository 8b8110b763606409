#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0
# Expected:    `mergeMessageRuns()` joins messages of one speaker. Another `name`, or another `role` of a
#              `ChatMessage`, is another speaker.
# Actual:      It looks at the class alone. Ann and Bob become one message without a name, and the words of a judge
#              are added to those of a critic.
# Output seen: [[null,"I say yes.\nI say no."],["critic","Too long.\nAccepted."]]
# Consequence: In a group chat the model cannot tell who said what, or attributes it wrongly.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { ChatMessage, HumanMessage, mergeMessageRuns } from '@langchain/core/messages';

const named = mergeMessageRuns([
  new HumanMessage({ name: 'Ann', content: 'I say yes.' }),
  new HumanMessage({ name: 'Bob', content: 'I say no.' }),
]);
const roles = mergeMessageRuns([
  new ChatMessage({ role: 'critic', content: 'Too long.' }),
  new ChatMessage({ role: 'judge', content: 'Accepted.' }),
]);
const seen = [...named, ...roles].map(({ name, role, content }) => [name ?? role ?? null, content]);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    [null, 'I say yes.\nI say no.'],
    ['critic', 'Too long.\nAccepted.'],
  ],
  '@langchain/core behaves differently now',
);
EOF
node probe.mjs
