#!/usr/bin/env bash
# Package:     langchain 1.5.14
# Expected:    `contextEditingMiddleware()` shortens what the model reads. The stored thread keeps the results of the
#              tools.
# Actual:      The stored thread is changed: old results are "[cleared]" in it for good.
# Output seen: ["120 EUR for the flight","[cleared]"]: a result before and after a later turn
# Consequence: A user who opens the chat again, or an audit, finds no result. They do not come back when the limit is
#              raised.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error langchain@1.5.14 @langchain/core@1.4.0 @langchain/langgraph@1.7.3 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { MemorySaver } from '@langchain/langgraph';
import { ClearToolUsesEdit, contextEditingMiddleware, createAgent, tool } from 'langchain';
import { z } from 'zod';

class Model extends BaseChatModel {
  constructor(answers) {
    super({});
    this.answers = answers;
  }
  _llmType() {
    return 'model';
  }
  bindTools() {
    return this;
  }
  async _generate() {
    return { generations: [{ text: '', message: new AIMessage(this.answers.shift()) }] };
  }
}

const price = tool(async () => '120 EUR for the flight', { name: 'price', description: 'Price.', schema: z.object({}) });
const call = { content: '', tool_calls: [{ id: 'call_1', name: 'price', args: {} }] };
const edit = new ClearToolUsesEdit({ trigger: { tokens: 100 }, keep: { messages: 0 } });
const agent = createAgent({
  model: new Model([call, 'It is 120 EUR.', 'You are welcome.']),
  tools: [price],
  checkpointer: new MemorySaver(),
  middleware: [contextEditingMiddleware({ edits: [edit] })],
});
const thread = { configurable: { thread_id: 'thread' } };
const stored = async () => (await agent.getState(thread)).values.messages.find((each) => each.getType() === 'tool').content;
await agent.invoke({ messages: [new HumanMessage('What is the flight?')] }, thread);
const before = await stored();
await agent.invoke({ messages: [new HumanMessage('thanks '.repeat(100))] }, thread);
const seen = [before, await stored()];
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['120 EUR for the flight', '[cleared]'], 'langchain behaves differently now');
EOF
node_modules/.bin/node probe.mjs
