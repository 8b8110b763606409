#!/usr/bin/env bash
# Package:     @langchain/mcp-adapters 1.1.4
# Expected:    The content of a tool message is the text of the result, also where the result has `structuredContent`,
#              too.
# Actual:      It is a JSON text of the whole part, with type, text and structured content.
# Output seen: {"plain":"5 EUR","structured":"{\"type\":\"text\",\"text\":\"5
#              EUR\",\"structuredContent\":{\"amount\":5}}"}
# Consequence: The model and the user read JSON once a server declares an output schema.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/mcp-adapters@1.1.4 @langchain/core@1.4.0 @langchain/langgraph@1.7.3 @modelcontextprotocol/sdk@1.32.2 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';

writeFileSync(
  'server.mjs',
  `import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
const server = new McpServer({ name: 'server', version: '1.0.0' });
const content = [{ type: 'text', text: '5 EUR' }];
server.registerTool('plain', { description: 'Price.' }, () => ({ content }));
server.registerTool('structured', { description: 'Price.', outputSchema: { amount: z.number() } }, () => ({
  content,
  structuredContent: { amount: 5 },
}));
await server.connect(new StdioServerTransport());`,
);
const client = new MultiServerMCPClient({ mcpServers: { server: { command: process.execPath, args: ['server.mjs'] } } });
const seen = {};
for (const tool of await client.getTools()) {
  const call = { type: 'tool_call', id: 'call_1', name: tool.name, args: {} };
  seen[tool.name] = (await tool.invoke(call)).content;
}
await client.close();
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { plain: '5 EUR', structured: '{"type":"text","text":"5 EUR","structuredContent":{"amount":5}}' },
  '@langchain/mcp-adapters behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
