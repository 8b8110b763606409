#!/usr/bin/env bash
# Package:     @mastra/cloudflare-d1 1.0.1, @mastra/core 1.71.0, @voltagent/cloudflare-d1 2.1.1, @voltagent/core 2.10.0,
#              miniflare 4.20260721.0
# Expected:    A list of 120 ids is deleted, and read, like one of 20. Conversations can be read from an offset on.
# Actual:      Each id is a parameter of one statement, and D1 takes 100 of them: a longer list is refused as a whole.
#              VoltAgent's offset without a limit is a syntax error.
# Output seen: {"mastra":{"few":20,"delete":"too many SQL variables","read":"too many SQL variables","left":130},"voltagent":{"delete":"too many SQL variables","offset":"near \"OFFSET\": syntax error"}}
# Consequence: Messages of a long chat cannot be trimmed or erased by their ids, while tests with short ones are green.
# Seen:        2026-11-30, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @mastra/cloudflare-d1@1.0.1 @mastra/core@1.71.0 @voltagent/cloudflare-d1@2.1.1 @voltagent/core@2.10.0 @voltagent/logger@2.0.2 ai@6.0.326 zod@4.6.6 miniflare@4.20260721.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { D1Store } from '@mastra/cloudflare-d1';
import { D1MemoryAdapter } from '@voltagent/cloudflare-d1';
import { Miniflare } from 'miniflare';

const miniflare = new Miniflare({
  modules: true,
  script: 'export default { fetch: () => new Response() }',
  d1Databases: ['MASTRA', 'VOLTAGENT'],
});
const refusal = (promise) =>
  promise.then(
    () => 'taken',
    ({ message }) => /too many SQL variables|near "OFFSET": syntax error/.exec(message)?.[0] ?? message,
  );
const ids = Array.from({ length: 150 }, (_, index) => `m${index}`);
const time = new Date('2026-11-30T10:00:00Z');

const store = new D1Store({ id: 'store', binding: await miniflare.getD1Database('MASTRA') });
await store.init();
const memory = await store.getStore('memory');
const thread = { id: 'chat', resourceId: 'ann', title: 'Trip', metadata: {}, createdAt: time, updatedAt: time };
await memory.saveThread({ thread });
const messages = ids.map((id) => ({
  id,
  role: 'user',
  threadId: 'chat',
  resourceId: 'ann',
  type: 'v2',
  createdAt: time,
  content: { format: 2, parts: [{ type: 'text', text: 'Hello' }] },
}));
await memory.saveMessages({ messages });
const total = async () => (await memory.listMessages({ threadId: 'chat' })).total;
await memory.deleteMessages(ids.slice(0, 20));
const mastra = {
  few: ids.length - (await total()),
  delete: await refusal(memory.deleteMessages(ids.slice(20, 140))),
  read: await refusal(memory.listMessagesById({ messageIds: ids.slice(20, 140) })),
  left: await total(),
};

const adapter = new D1MemoryAdapter({ binding: await miniflare.getD1Database('VOLTAGENT') });
await adapter.createConversation({ id: 'chat', userId: 'ann', resourceId: 'agent', title: 'Trip', metadata: {} });
const voltagent = {
  delete: await refusal(adapter.deleteMessages(ids.slice(0, 120), 'ann', 'chat')),
  offset: await refusal(adapter.queryConversations({ userId: 'ann', offset: 1 })),
};
const seen = { mastra, voltagent };
console.log(JSON.stringify(seen));
await miniflare.dispose();
const tooMany = 'too many SQL variables';
assert.deepEqual(
  seen,
  {
    mastra: { few: 20, delete: tooMany, read: tooMany, left: 130 },
    voltagent: { delete: tooMany, offset: 'near "OFFSET": syntax error' },
  },
  'the stores behave differently now',
);
process.exit(0);
EOF
node_modules/.bin/node probe.mjs
