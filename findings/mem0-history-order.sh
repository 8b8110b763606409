#!/usr/bin/env bash
# Package:     mem0ai 3.3.1
# Expected:    history() of a memory is in one order, and each entry has the time at which it happened.
# Actual:      A change has the time of the first entry as its `created_at`, and after a deletion the list is: deleted,
#              added, changed.
# Output seen: {"changed":["ADD","UPDATE"],"sameTime":true,"deleted":["DELETE","ADD","UPDATE"]}
# Consequence: A log that is replayed in its order ends with a memory that was deleted.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps mem0ai@3.3.1 better-sqlite3@12.11.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Memory } from 'mem0ai/oss';

const embedQuery = async (text) => [text.length, 1, 2, 3];
const memory = new Memory({
  embedder: { provider: 'langchain', config: { model: { embedQuery, embedDocuments: (texts) => Promise.all(texts.map(embedQuery)) } } },
  llm: { provider: 'langchain', config: { model: { invoke: async () => ({ content: '' }) } } },
  vectorStore: { provider: 'memory', config: { collectionName: 'm', dimension: 4, dbPath: ':memory:' } },
  historyStore: { provider: 'memory', config: {} },
});
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
const { results } = await memory.add('I fly to Rome', { userId: 'u1', infer: false });
const { id } = results[0];
await pause();
await memory.update(id, 'I fly to Oslo');
const changed = await memory.history(id);
await pause();
await memory.delete(id);
const deleted = await memory.history(id);
const actions = (entries) => entries.map(({ action }) => action);
const seen = {
  changed: actions(changed),
  sameTime: changed[0].created_at === changed[1].created_at,
  deleted: actions(deleted),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { changed: ['ADD', 'UPDATE'], sameTime: true, deleted: ['DELETE', 'ADD', 'UPDATE'] },
  'mem0ai behaves differently now',
);
process.exit(0);
EOF
node probe.mjs
