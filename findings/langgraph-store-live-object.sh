#!/usr/bin/env bash
# Package:     @langchain/langgraph 1.7.3, InMemoryStore and MemorySaver
# Expected:    get() returns a copy, as MemorySaver does: a change is stored by put() alone.
# Actual:      The store returns the live object. A node that edits it has changed the stored memory.
# Output seen: {"store":["likes tea","draft"],"saver":["likes tea"]}
# Consequence: A run that fails half-way leaves its edits in the memory. Code that forgets put() passes its tests
#              with this store, and loses the memory with a database store.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/langgraph@1.7.3 @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Annotation, END, InMemoryStore, MemorySaver, START, StateGraph } from '@langchain/langgraph';

const store = new InMemoryStore();
await store.put(['facts'], 'user', { list: ['likes tea'] });
(await store.get(['facts'], 'user')).value.list.push('draft');

const graph = new StateGraph(Annotation.Root({ list: Annotation() }))
  .addNode('keep', () => ({}))
  .addEdge(START, 'keep')
  .addEdge('keep', END)
  .compile({ checkpointer: new MemorySaver() });
const thread = { configurable: { thread_id: 'thread' } };
await graph.invoke({ list: ['likes tea'] }, thread);
(await graph.getState(thread)).values.list.push('draft');

const seen = {
  store: (await store.get(['facts'], 'user')).value.list,
  saver: (await graph.getState(thread)).values.list,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { store: ['likes tea', 'draft'], saver: ['likes tea'] },
  '@langchain/langgraph behaves differently now',
);
EOF
node probe.mjs
