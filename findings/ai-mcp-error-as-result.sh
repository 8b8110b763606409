#!/usr/bin/env bash
# Package:     @ai-sdk/mcp 2.0.99, ai 7.0.173
# Expected:    A tool result of MCP with `isError` is a failed call: `tool-error`, and an error in the prompt.
# Actual:      It is a result like any other. Nothing says that the tool failed.
# Output seen: {"step":["tool-call","tool-result"],"prompt":{"type":"content","value":[{"type":"text","text":"no seats
#              left"}]}}
# Consequence: A booking that failed is stored and shown as done. Error rates of tools are zero.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ai-sdk/mcp@2.0.99 ai@7.0.173 @modelcontextprotocol/sdk@1.32.2 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createMCPClient } from '@ai-sdk/mcp';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { generateText, stepCountIs } from 'ai';

const server = new McpServer({ name: 'server', version: '1.0.0' });
server.registerTool('book', { description: 'Books.' }, () => ({
  content: [{ type: 'text', text: 'no seats left' }],
  isError: true,
}));
const [ours, theirs] = InMemoryTransport.createLinkedPair();
await server.connect(theirs);
const client = await createMCPClient({ transport: ours });
const prompts = [];
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const model = {
  specificationVersion: 'v4',
  provider: 'provider',
  modelId: 'model',
  supportedUrls: {},
  doGenerate: async ({ prompt }) => {
    const first = prompts.push(prompt) === 1;
    const call = { type: 'tool-call', toolCallId: 'call_1', toolName: 'book', input: '{}' };
    return {
      content: first ? [call] : [{ type: 'text', text: 'Booked.' }],
      finishReason: { unified: first ? 'tool-calls' : 'stop' },
      usage,
      warnings: [],
    };
  },
};
const { steps } = await generateText({ model, prompt: 'Book it.', tools: await client.tools(), stopWhen: stepCountIs(2) });
const seen = {
  step: steps[0].content.map(({ type }) => type),
  prompt: prompts[1].at(-1).content[0].output,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    step: ['tool-call', 'tool-result'],
    prompt: { type: 'content', value: [{ type: 'text', text: 'no seats left' }] },
  },
  '@ai-sdk/mcp behaves differently now',
);
await client.close();
EOF
node_modules/.bin/node probe.mjs
