#!/usr/bin/env bash
# Package:     @langchain/cloudflare 1.1.0, miniflare 4.20260721.0
# Expected:    A conversation with a tool comes back from D1, with the call and the result.
# Actual:      The calls and the ids of results are not stored, and then the whole session cannot be read.
# Output seen: {"calls":0,"error":"Tool call ID must be defined for tool messages"}
# Consequence: After its first tool call a chat can neither be shown nor continued. The ids are lost.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/cloudflare@1.1.0 @langchain/core@1.4.0 miniflare@4.20260721.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { CloudflareD1MessageHistory } from '@langchain/cloudflare';
import { AIMessage, ToolMessage } from '@langchain/core/messages';
import { Miniflare } from 'miniflare';

const miniflare = new Miniflare({
  modules: true,
  script: 'export default { fetch: () => new Response() }',
  d1Databases: ['DB'],
});
const database = await miniflare.getD1Database('DB');
const history = new CloudflareD1MessageHistory({ tableName: 'messages', sessionId: 'session', database });

const call = { id: 'call_1', name: 'price', args: { city: 'Rome' } };
await history.addMessage(new AIMessage({ content: 'I look.', tool_calls: [call] }));
const [asked] = await history.getMessages();
await history.addMessage(new ToolMessage({ content: '5 EUR', tool_call_id: 'call_1' }));
const error = await history.getMessages().then(
  () => null,
  ({ message }) => message,
);
const seen = { calls: asked.tool_calls.length, error };
console.log(JSON.stringify(seen));
await miniflare.dispose();
assert.deepEqual(
  seen,
  { calls: 0, error: 'Tool call ID must be defined for tool messages' },
  '@langchain/cloudflare behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
