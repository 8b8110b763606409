#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0
# Expected:    `trimMessages()` with `includeSystem` keeps the system message, if there is no room for a whole turn
#              too.
# Actual:      With `startOn: 'human'` the result is then `[undefined]`: one entry, which is no message.
# Output seen: {"room":["system","human"],"noRoom":[null]}
# Consequence: A pasted text that is longer than the limit ends in a TypeError far from its cause, in whatever reads
#              the list next.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { HumanMessage, SystemMessage, trimMessages } from '@langchain/core/messages';

const trim = async (length) => {
  const messages = [new SystemMessage('Be kind.'), new HumanMessage('x'.repeat(length))];
  const left = await trimMessages(messages, {
    strategy: 'last',
    includeSystem: true,
    startOn: 'human',
    maxTokens: 100,
    tokenCounter: (list) => list.reduce((sum, { text }) => sum + text.length, 0),
  });
  return left.map((message) => message?.getType() ?? null);
};
const seen = { room: await trim(50), noRoom: await trim(500) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { room: ['system', 'human'], noRoom: [null] },
  '@langchain/core behaves differently now',
);
EOF
node probe.mjs
