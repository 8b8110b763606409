#!/usr/bin/env bash
# Package:     @voltagent/libsql 2.1.2, @voltagent/core 2.10.0
# Expected:    getMessages() with a limit gives the newest messages, in the order in which they were added.
# Actual:      Question and answer that are added together have one time, and the database takes the older one of them
#              first.
# Output seen: {"memory":"a2,q3,a3","libsql":"q2,q3,a3"}
# Consequence: The model gets a question twice over without its answer, and answers it once more; in tests with the
#              memory adapter all is well.
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

const message = (id, role) => ({ id, role, parts: [{ type: 'text', text: id }] });
const windowOf = async (storage) => {
  const memory = new Memory({ storage });
  await memory.createConversation({ id: 'c1', userId: 'u1', resourceId: 'r1', title: 'Trip', metadata: {} });
  for (const turn of [1, 2, 3]) {
    await memory.addMessages([message(`q${turn}`, 'user'), message(`a${turn}`, 'assistant')], 'u1', 'c1');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const newest = await memory.getMessages('u1', 'c1', { limit: 3 });
  return newest.map(({ id }) => id).join();
};
const seen = {
  memory: await windowOf(new InMemoryStorageAdapter()),
  libsql: await windowOf(new LibSQLMemoryAdapter({ url: ':memory:' })),
};
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { memory: 'a2,q3,a3', libsql: 'q2,q3,a3' }, '@voltagent/libsql behaves differently now');
process.exit(0);
EOF
node probe.mjs
