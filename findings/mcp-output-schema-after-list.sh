#!/usr/bin/env bash
# Package:     @modelcontextprotocol/client 2.4.0, @modelcontextprotocol/server 2.4.0, zod 4.6.6
# Expected:    The server and the client agree on whether a result fits a tool's `outputSchema`, and a default of the
#              schema is filled in.
# Actual:      The server accepts what Zod accepts: a field more, or a field less that has a default. It sends the
#              result unparsed, and lists the schema with `additionalProperties: false` and the default as required. A
#              client that has listed the tools refuses the same result.
# Output seen: {"before":[{"price":12,"id":7},{"price":12}],"after":["data must NOT have additional properties","data must have required property 'currency'"]}
# Consequence: A tool works in tests, which call it by its name, and fails in every client that lists tools first.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const server = new McpServer({ name: 'travel', version: '1.0.0' });
const register = (name, outputSchema, structuredContent) =>
  server.registerTool(name, { outputSchema }, async () => ({ content: [], structuredContent }));
register('more', z.object({ price: z.number() }), { price: 12, id: 7 });
register('less', z.object({ price: z.number(), currency: z.string().default('EUR') }), { price: 12 });
const client = new Client({ name: 'client', version: '1.0.0' });
const [here, there] = InMemoryTransport.createLinkedPair();
await server.connect(there);
await client.connect(here);
const call = async (name) => {
  try {
    return (await client.callTool({ name, arguments: {} })).structuredContent;
  } catch (error) {
    return error.message.replace(/^Structured content does not match the tool's output schema: /, '');
  }
};
const seen = { before: [await call('more'), await call('less')] };
await client.listTools();
seen.after = [await call('more'), await call('less')];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    before: [{ price: 12, id: 7 }, { price: 12 }],
    after: ['data must NOT have additional properties', "data must have required property 'currency'"],
  },
  '@modelcontextprotocol/client behaves differently now',
);
EOF
node probe.mjs
