#!/usr/bin/env bash
# Package:     @modelcontextprotocol/sdk 1.32.2 (@modelcontextprotocol/server 2.4.0 does the same)
# Expected:    A resource template gives its handler the value: what expand() encodes, match() decodes.
# Actual:      match() returns the percent-encoded text.
# Output seen: {"uri":"notes://Trip%20to%20K%C3%B6ln","title":"Trip%20to%20K%C3%B6ln"}
# Consequence: A lookup by title or path finds nothing for names with spaces or umlauts, and works in all tests
#              with plain names.
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
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { UriTemplate } from '@modelcontextprotocol/sdk/shared/uriTemplate.js';

const template = 'notes://{title}';
const server = new McpServer({ name: 'notes', version: '1.0.0' });
let seen;
server.registerResource('note', new ResourceTemplate(template, { list: undefined }), {}, async (uri, { title }) => {
  seen = { uri: uri.href, title };
  return { contents: [{ uri: uri.href, text: '' }] };
});
const client = new Client({ name: 'client', version: '1.0.0' });
const [here, there] = InMemoryTransport.createLinkedPair();
await server.connect(there);
await client.connect(here);
await client.readResource({ uri: new UriTemplate(template).expand({ title: 'Trip to Köln' }) });
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { uri: 'notes://Trip%20to%20K%C3%B6ln', title: 'Trip%20to%20K%C3%B6ln' },
  '@modelcontextprotocol/sdk behaves differently now',
);
process.exit();
EOF
node probe.mjs
