#!/usr/bin/env bash
# Package:     @langchain/langgraph-checkpoint-sqlite 1.0.4, @langchain/langgraph 1.7.3
# Expected:    The history of a thread, asked for with the id of a checkpoint, is that checkpoint alone, as with
#              `MemorySaver`; a limit of 0 gives none.
# Actual:      With SQLite both give the whole thread, newer checkpoints included.
# Output seen: {"sqlite":{"all":6,"ofThird":6,"limit0":6},"memory":{"all":6,"ofThird":1,"limit0":0}}
# Consequence: A view of one moment of a chat shows what came later, and a page of nothing is everything; tests with
#              `MemorySaver` are green.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/langgraph@1.7.3 @langchain/langgraph-checkpoint@1.2.2 @langchain/langgraph-checkpoint-sqlite@1.0.4 @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { MemorySaver, MessagesAnnotation, StateGraph } from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';

const historyOf = async (checkpointer) => {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('model', () => ({ messages: [new AIMessage('To Rome.')] }))
    .addEdge('__start__', 'model')
    .addEdge('model', '__end__')
    .compile({ checkpointer });
  const thread = { configurable: { thread_id: 't1' } };
  await graph.invoke({ messages: [new HumanMessage('Where to?')] }, thread);
  await graph.invoke({ messages: [new HumanMessage('And then?')] }, thread);
  const list = async (config, options) => {
    const found = [];
    for await (const state of graph.getStateHistory(config, options)) found.push(state);
    return found;
  };
  const all = await list(thread);
  return {
    all: all.length,
    ofThird: (await list(all[2].config)).length,
    limit0: (await list(thread, { limit: 0 })).length,
  };
};
const seen = { sqlite: await historyOf(SqliteSaver.fromConnString(':memory:')), memory: await historyOf(new MemorySaver()) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { sqlite: { all: 6, ofThird: 6, limit0: 6 }, memory: { all: 6, ofThird: 1, limit0: 0 } },
  'the checkpointers behave differently now',
);
EOF
node probe.mjs
