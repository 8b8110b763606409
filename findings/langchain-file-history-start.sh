#!/usr/bin/env bash
# Package:     @langchain/community 1.1.29, @langchain/core 1.4.0
# Expected:    FileSystemChatMessageHistory keeps the messages of several sessions that write at once.
# Actual:      Until the file has been read once, each call reads it for itself, and the last one replaces the memory of
#              all others.
# Output seen: {"afterStart":1,"later":11}, of 10 and of 20 messages
# Consequence: After each start of a server the first messages of all users but one are lost, without an error.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @langchain/community@1.1.29 @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { FileSystemChatMessageHistory } from '@langchain/community/stores/message/file_system';
import { HumanMessage } from '@langchain/core/messages';

const users = [...'abcdefghij'];
const historyOf = (userId) => new FileSystemChatMessageHistory({ sessionId: 'chat', userId, filePath: 'chats.json' });
const count = async () => {
  const histories = await Promise.all(users.map((user) => historyOf(user).getMessages()));
  return histories.flat().length;
};
const write = () => Promise.all(users.map((user) => historyOf(user).addMessage(new HumanMessage('A hotel in Rome?'))));

await write();
const afterStart = await count();
await write();
const seen = { afterStart, later: await count() };
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { afterStart: 1, later: 11 }, '@langchain/community behaves differently now');
EOF
node probe.mjs
