#!/usr/bin/env bash
# Package:     @voltagent/core 2.10.0, @voltagent/libsql 2.1.2
# Expected:    A message that is added with `createdAt`, as an import does, keeps that time.
# Actual:      Each adapter writes the time of the call, also in the place of the one in `metadata`.
# Output seen: {"memory":"today, 0 of 1 before today","libsql":"today, 0 of 1 before today"}
# Consequence: An imported history is all of today: `before` finds none of it, and a retention by age keeps it too long.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @voltagent/core@2.10.0 @voltagent/libsql@2.1.2 @voltagent/logger@2.0.2 ai@7.0.173 zod@3.25.76 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { InMemoryStorageAdapter, Memory } from '@voltagent/core';
import { LibSQLMemoryAdapter } from '@voltagent/libsql';

const started = new Date();
const written = new Date('2024-03-01T10:00:00Z');
const timeOf = async (storage) => {
  const memory = new Memory({ storage });
  await memory.createConversation({ id: 'c1', userId: 'u1', resourceId: 'r1', title: 'Trip', metadata: {} });
  const message = {
    id: 'q1',
    role: 'user',
    createdAt: written,
    metadata: { createdAt: written },
    parts: [{ type: 'text', text: 'Rome?' }],
  };
  await memory.addMessage(message, 'u1', 'c1');
  const [stored] = await memory.getMessages('u1', 'c1');
  const before = await memory.getMessages('u1', 'c1', { before: started });
  const day = new Date(stored.metadata.createdAt) < started ? 'then' : 'today';
  return `${day}, ${before.length} of 1 before today`;
};
const seen = {
  memory: await timeOf(new InMemoryStorageAdapter()),
  libsql: await timeOf(new LibSQLMemoryAdapter({ url: ':memory:' })),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { memory: 'today, 0 of 1 before today', libsql: 'today, 0 of 1 before today' },
  '@voltagent/core behaves differently now',
);
process.exit(0);
EOF
node probe.mjs
