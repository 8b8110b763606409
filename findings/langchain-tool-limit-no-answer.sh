#!/usr/bin/env bash
# Package:     langchain 1.5.14
# Expected:    `toolCallLimitMiddleware()` continues by default: it refuses the call above the limit, and the model
#              goes on to answer.
# Actual:      The run ends with the refusal. The model is not asked again, and there is no answer.
# Output seen: ["human: Rome or Oslo?","ai: ","tool: 5 EUR","ai: ","tool: Tool call limit exceeded. Do not make
#              additional tool calls."]
# Consequence: The user sees nothing, or the text that was meant for the model.
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
import { createAgent, tool, toolCallLimitMiddleware } from 'langchain';
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

const schema = z.object({ city: z.string() });
const price = tool(async () => '5 EUR', { name: 'price', description: 'Price of a night.', schema });
const call = (id, city) => ({ content: '', tool_calls: [{ id, name: 'price', args: { city } }] });
const agent = createAgent({
  model: new Model([call('call_1', 'Rome'), call('call_2', 'Oslo'), 'Rome is 5 EUR.']),
  tools: [price],
  middleware: [toolCallLimitMiddleware({ runLimit: 1, exitBehavior: 'continue' })],
});
const { messages } = await agent.invoke({ messages: [new HumanMessage('Rome or Oslo?')] });
const seen = messages.map((message) => `${message.getType()}: ${message.content}`);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    'human: Rome or Oslo?',
    'ai: ',
    'tool: 5 EUR',
    'ai: ',
    'tool: Tool call limit exceeded. Do not make additional tool calls.',
  ],
  'langchain behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
