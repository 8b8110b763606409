#!/usr/bin/env bash
# Package:     @modelcontextprotocol/sdk 1.32.2 (@modelcontextprotocol/server 2.4.0 does the same)
# Expected:    A URI that resources/list returns can be read with resources/read.
# Actual:      The server normalises the URI of the request, and compares it with the URI as it was registered:
#              "https://example.com" becomes "https://example.com/".
# Output seen: {"listed":["https://example.com"],"read":"Resource https://example.com/ not found"}
# Consequence: The client shows a resource that no client can open. Upper case in the scheme or host, a default port
#              and a non-ASCII path do the same.
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

const server = new McpServer({ name: 'pages', version: '1.0.0' });
server.registerResource('page', 'https://example.com', {}, async (uri) => ({
  contents: [{ uri: uri.href, text: 'Hello' }],
}));
const client = new Client({ name: 'client', version: '1.0.0' });
const [here, there] = InMemoryTransport.createLinkedPair();
await server.connect(there);
await client.connect(here);
const listed = (await client.listResources()).resources.map(({ uri }) => uri);
const read = await client.readResource({ uri: listed[0] }).then(
  ({ contents }) => contents[0].text,
  (error) => error.message.replace(/^(MCP error -\d+: )+/, ''),
);
const seen = { listed, read };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { listed: ['https://example.com'], read: 'Resource https://example.com/ not found' },
  '@modelcontextprotocol/sdk behaves differently now',
);
process.exit();
EOF
node probe.mjs
