#!/usr/bin/env bash
# Package:     @langchain/langgraph-checkpoint-sqlite 1.0.4, @langchain/langgraph 1.7.3
# Expected:    A thread that was written with the number 42 as its id has the id "42" in the database, and is found by
#              it.
# Actual:      The id in the database is "42.0". A state that is asked for with the text "42", as it comes from the
#              path of a request, is empty. `MemorySaver` refuses the number.
# Output seen: {"stored":"42.0","byNumber":2,"byText":0,"memory":"refused"}
# Consequence: A chat begins anew once its id has been in a URL, and an export of the database has threads that no one
#              knows.
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

const graphWith = (checkpointer) =>
  new StateGraph(MessagesAnnotation)
    .addNode('model', () => ({ messages: [new AIMessage('To Rome.')] }))
    .addEdge('__start__', 'model')
    .addEdge('model', '__end__')
    .compile({ checkpointer });
const thread = (id) => ({ configurable: { thread_id: id } });
const question = { messages: [new HumanMessage('Where to?')] };

const saver = SqliteSaver.fromConnString(':memory:');
const graph = graphWith(saver);
await graph.invoke(question, thread(42));
const count = async (id) => (await graph.getState(thread(id))).values.messages?.length ?? 0;
const seen = {
  stored: saver.db.prepare('SELECT DISTINCT thread_id FROM checkpoints').pluck().all().join(),
  byNumber: await count(42),
  byText: await count('42'),
  memory: await graphWith(new MemorySaver()).invoke(question, thread(42)).then(() => 'taken', () => 'refused'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { stored: '42.0', byNumber: 2, byText: 0, memory: 'refused' }, 'SqliteSaver behaves differently now');
EOF
node probe.mjs
