#!/usr/bin/env bash
# Package:     @langchain/langgraph 1.7.3 with its MemorySaver (SqliteSaver 1.0.4 does the same)
# Expected:    A BigInt in the state is kept, or the run fails with the name of the value.
# Actual:      The serialiser replaces the whole checkpoint by one line of text. The run resolves as usual, and
#              the next run on the thread begins with an empty state.
# Output seen: {"withNumber":["first","second"],"withBigInt":["second"]}
# Consequence: One 64-bit id from a database driver in the state erases the conversation, without an error.
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

async function twoTurns(userId) {
  const State = Annotation.Root({
    userId: Annotation(),
    said: Annotation({ reducer: (before, added) => [...before, ...added], default: () => [] }),
  });
  const graph = new StateGraph(State)
    .addNode('answer', () => ({ said: [] }))
    .addEdge(START, 'answer')
    .addEdge('answer', END)
    .compile({ checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: 'thread' } };
  await graph.invoke({ userId, said: ['first'] }, thread);
  return (await graph.invoke({ said: ['second'] }, thread)).said;
}

const seen = { withNumber: await twoTurns(7), withBigInt: await twoTurns(7n) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { withNumber: ['first', 'second'], withBigInt: ['second'] },
  '@langchain/langgraph behaves differently now',
);
EOF
node probe.mjs
