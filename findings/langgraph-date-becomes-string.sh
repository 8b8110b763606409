#!/usr/bin/env bash
# Package:     @langchain/langgraph 1.7.3 with its MemorySaver
# Expected:    A value keeps its type within a thread: the serialiser restores Map and Set, so Date as well.
# Actual:      A Date is a Date in the run that set it, and a string in every later run. Map and Set are restored.
# Output seen: {"sameRun":["Date","Map"],"nextRun":["String","Map"]}
# Consequence: A node that compares dates works in tests of one run. In the second turn of a conversation
#              `date.getTime()` throws, and `date < new Date()` is always false.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/langgraph@1.7.3 @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Annotation, END, MemorySaver, START, StateGraph } from '@langchain/langgraph';

const runs = [];
const graph = new StateGraph(Annotation.Root({ due: Annotation(), seats: Annotation(), turn: Annotation() }))
  .addNode('look', ({ due, seats }) => {
    runs.push([due.constructor.name, seats.constructor.name]);
    return {};
  })
  .addEdge(START, 'look')
  .addEdge('look', END)
  .compile({ checkpointer: new MemorySaver() });
const thread = { configurable: { thread_id: 'thread' } };
await graph.invoke({ due: new Date(0), seats: new Map([['a', 1]]), turn: 1 }, thread);
await graph.invoke({ turn: 2 }, thread);
const seen = { sameRun: runs[0], nextRun: runs[1] };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { sameRun: ['Date', 'Map'], nextRun: ['String', 'Map'] },
  '@langchain/langgraph behaves differently now',
);
EOF
node probe.mjs
