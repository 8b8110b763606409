#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0, RunnableWithMessageHistory
# Expected:    The user's message is stored when the call begins, or at the latest when the call ends.
# Actual:      A reader that leaves a stream early, or a model that fails, leaves nothing: the user's words are lost.
# Output seen: {"read to the end":["question","answer"],"reader left":[],"model failed":[]}
# Consequence: After "stop generating" or an outage, the user's message is gone from the conversation. The next
#              turn ("and in euros?") has no context.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { InMemoryChatMessageHistory } from '@langchain/core/chat_history';
import { ChatPromptTemplate, MessagesPlaceholder } from '@langchain/core/prompts';
import { RunnableLambda, RunnableWithMessageHistory } from '@langchain/core/runnables';
import { FakeListChatModel } from '@langchain/core/utils/testing';

const histories = {};
const withHistory = (model) =>
  new RunnableWithMessageHistory({
    runnable: ChatPromptTemplate.fromMessages([
      new MessagesPlaceholder('history'),
      ['human', '{input}'],
    ]).pipe(model),
    getMessageHistory: (id) => (histories[id] ??= new InMemoryChatMessageHistory()),
    inputMessagesKey: 'input',
    historyMessagesKey: 'history',
  });
const model = () => new FakeListChatModel({ responses: ['answer'] });
const failing = RunnableLambda.from(() => {
  throw new Error('The provider is down.');
});
const input = { input: 'question' };
const session = (sessionId) => ({ configurable: { sessionId } });

for await (const _chunk of await withHistory(model()).stream(input, session('read to the end')));
for await (const _chunk of await withHistory(model()).stream(input, session('reader left'))) break;
await withHistory(failing).invoke(input, session('model failed')).catch(() => {});
await sleep(200);

const seen = {};
for (const [id, history] of Object.entries(histories)) {
  seen[id] = (await history.getMessages()).map(({ content }) => content);
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 'read to the end': ['question', 'answer'], 'reader left': [], 'model failed': [] },
  '@langchain/core behaves differently now',
);
process.exit();
EOF
node probe.mjs
