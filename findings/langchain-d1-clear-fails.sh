#!/usr/bin/env bash
# Package:     @langchain/cloudflare 1.1.0, miniflare 4.20260721.0
# Expected:    `clear()` of `CloudflareD1MessageHistory` deletes the messages of the session.
# Actual:      It always fails: the name of the table is bound as a parameter. The messages stay.
# Output seen: {"error":"D1_ERROR: near \"?\": syntax error at offset 12: SQLITE_ERROR","left":1}
# Consequence: A user who asks for their chat to be deleted gets an error, and the chat stays.
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
import { HumanMessage } from '@langchain/core/messages';
import { Miniflare } from 'miniflare';

const miniflare = new Miniflare({
  modules: true,
  script: 'export default { fetch: () => new Response() }',
  d1Databases: ['DB'],
});
const database = await miniflare.getD1Database('DB');
const history = new CloudflareD1MessageHistory({ tableName: 'messages', sessionId: 'session', database });

await history.addMessage(new HumanMessage('My name is Ann'));
const error = await history.clear().then(
  () => undefined,
  ({ message }) => message,
);
const seen = { error, left: (await history.getMessages()).length };
console.log(JSON.stringify(seen));
await miniflare.dispose();
assert.match(seen.error, /syntax error/, '@langchain/cloudflare behaves differently now');
assert.equal(seen.left, 1, '@langchain/cloudflare behaves differently now');
EOF
node_modules/.bin/node probe.mjs
