#!/usr/bin/env bash
# Package:     @modelcontextprotocol/sdk 1.32.2 (@modelcontextprotocol/server 2.4.0 does the same), zod 4.6.6
# Expected:    A tool whose schema has no JSON Schema form (z.date()) is refused when it is registered, or left out
#              of the list.
# Actual:      It is registered, and it can be called. tools/list fails from then on, for all tools of the server.
# Output seen: {"before":["search"],"registered":true,"after":"Date cannot be represented in JSON Schema"}
# Consequence: One new tool takes every tool away from the client. Tests that call tools by name stay green.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @modelcontextprotocol/sdk@1.32.2 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const server = new McpServer({ name: 'history', version: '1.0.0' });
const answer = async () => ({ content: [] });
server.registerTool('search', { inputSchema: { words: z.string() } }, answer);
const client = new Client({ name: 'client', version: '1.0.0' });
const [here, there] = InMemoryTransport.createLinkedPair();
await server.connect(there);
await client.connect(here);
const list = async () => {
  try {
    return (await client.listTools()).tools.map(({ name }) => name);
  } catch (error) {
    return error.message.replace(/^MCP error -\d+: /, '');
  }
};
const seen = { before: await list() };
server.registerTool('since', { inputSchema: { day: z.coerce.date() } }, answer);
const called = await client.callTool({ name: 'since', arguments: { day: '2026-11-28' } });
seen.registered = called.isError !== true;
seen.after = await list();
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { before: ['search'], registered: true, after: 'Date cannot be represented in JSON Schema' },
  '@modelcontextprotocol/sdk behaves differently now',
);
process.exit();
EOF
node probe.mjs
