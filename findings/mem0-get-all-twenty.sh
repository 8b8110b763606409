#!/usr/bin/env bash
# Package:     mem0ai 3.3.1
# Expected:    getAll() of a user gives all memories of that user, or says that there are more.
# Actual:      It gives 20, unless `topK` is set, and nothing in the result says so.
# Output seen: {"stored":30,"all":20,"keys":["results"],"topK":30}
# Consequence: An export of a user's data, or a move to another store, has a part of it.
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
for (let n = 1; n <= 30; n++) await memory.add(`Note ${n}`, { userId: 'u1', infer: false });
const all = await memory.getAll({ filters: { user_id: 'u1' } });
const more = await memory.getAll({ filters: { user_id: 'u1' }, topK: 100 });
const seen = { stored: 30, all: all.results.length, keys: Object.keys(all), topK: more.results.length };
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { stored: 30, all: 20, keys: ['results'], topK: 30 }, 'mem0ai behaves differently now');
process.exit(0);
EOF
node probe.mjs
