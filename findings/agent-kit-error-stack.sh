#!/usr/bin/env bash
# Package:     @inngest/agent-kit 0.13.2
# Expected:    When a tool fails, the model is told the message of the error.
# Actual:      The whole error goes into the prompt with its stack: paths of the server and lines of the package's own
#              code.
# Output seen: {"message":"no such city","longer than":800}
# Consequence: The model reads the stack with each later turn, the user pays for it, and may be shown it in the answer.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @inngest/agent-kit@0.13.2 inngest@3.54.2 zod@4.6.7 @modelcontextprotocol/sdk@1.32.2 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import http from 'node:http';
import { createAgent, createNetwork, createTool, openai } from '@inngest/agent-kit';
import { z } from 'zod';

const answer = (message) => ({
  id: 'chatcmpl_1',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
const call = { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"city":"Atlantis"}' } };
const answers = [answer({ content: null, tool_calls: [call] }), answer({ content: 'I cannot find it.' })];
const prompts = [];
const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  prompts.push(JSON.parse(body).messages);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answers.shift()));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const search = createTool({
  name: 'search',
  description: 'Finds hotels.',
  parameters: z.object({ city: z.string() }),
  handler: async () => {
    throw new Error('no such city');
  },
});
const baseUrl = `http://127.0.0.1:${server.address().port}/v1/`;
const model = openai({ model: 'gpt-4o', apiKey: 'key', baseUrl });
const agent = createAgent({ name: 'agent', system: 'Help.', model, tools: [search] });
const router = ({ callCount }) => (callCount < 2 ? agent : undefined);
await createNetwork({ name: 'network', agents: [agent], router }).run('A hotel in Atlantis?');
server.close();
const { content } = prompts[1].find(({ role }) => role === 'tool');
const { error } = JSON.parse(content);
console.log(JSON.stringify({ message: error.message, characters: content.length }));
assert.equal(error.message, 'no such city', '@inngest/agent-kit behaves differently now');
assert.match(error.stack, /agent-kit\/dist\//, '@inngest/agent-kit behaves differently now');
assert.ok(content.length > 800, '@inngest/agent-kit behaves differently now');
process.exit(0);
EOF
node_modules/.bin/node probe.mjs
