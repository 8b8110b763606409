#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0
# Expected:    A message that is built with `contentBlocks`, the standard content of version 1, is stored and read
#              back as it is.
# Actual:      `mapChatMessagesToStoredMessages()` writes it under `content_blocks`, which
#              `mapStoredMessagesToChatMessages()` does not read: all its content is lost, for the user's messages
#              too. With `content` it is kept.
# Output seen: {"built":"hello","stored":"hello","readBack":"","withContent":"hello"}
# Consequence: Each history store that uses the two (Redis, MongoDB, DynamoDB and others) gives back empty messages.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import {
  HumanMessage,
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
} from '@langchain/core/messages';

const block = { type: 'text', text: 'hello' };
const roundTrip = (message) => {
  const stored = mapChatMessagesToStoredMessages([message]);
  return [stored, mapStoredMessagesToChatMessages(JSON.parse(JSON.stringify(stored)))[0].text];
};
const message = new HumanMessage({ contentBlocks: [block] });
const [[stored], readBack] = roundTrip(message);
const seen = {
  built: message.text,
  stored: stored.data.content_blocks[0].text,
  readBack,
  withContent: roundTrip(new HumanMessage({ content: [block] }))[1],
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { built: 'hello', stored: 'hello', readBack: '', withContent: 'hello' },
  '@langchain/core behaves differently now',
);
EOF
node probe.mjs
