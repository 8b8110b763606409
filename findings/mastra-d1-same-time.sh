#!/usr/bin/env bash
# Package:     @mastra/cloudflare-d1 1.0.1, @mastra/core 1.71.0, miniflare 4.20260721.0
# Expected:    Messages that are saved together, and have the same time, come back in the order of the list.
# Actual:      They come back in the order of their ids. The newest two, as a memory asks for them, are the two that
#              were saved first.
# Output seen: {"all":["You are welcome.","To Rome, at 8.","Thanks!","Where to?"],"newest":["To Rome, at 8.","Where to?"]}
# Consequence: WhatsApp's exports often have no seconds: answers stand before questions, and the last turns are not in
#              the prompt.
# Seen:        2026-11-30, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @mastra/cloudflare-d1@1.0.1 @mastra/core@1.71.0 zod@4.6.6 miniflare@4.20260721.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { D1Store } from '@mastra/cloudflare-d1';
import { Miniflare } from 'miniflare';

const miniflare = new Miniflare({
  modules: true,
  script: 'export default { fetch: () => new Response() }',
  d1Databases: ['DB'],
});
const store = new D1Store({ id: 'store', binding: await miniflare.getD1Database('DB') });
await store.init();
const memory = await store.getStore('memory');
const time = new Date('2026-11-30T10:00:00Z');
const thread = { id: 'chat', resourceId: 'ann', title: 'Trip', metadata: {}, createdAt: time, updatedAt: time };
await memory.saveThread({ thread });
const turns = [
  ['d1', 'user', 'Where to?'],
  ['b2', 'assistant', 'To Rome, at 8.'],
  ['c3', 'user', 'Thanks!'],
  ['a4', 'assistant', 'You are welcome.'],
];
const messages = turns.map(([id, role, text]) => ({
  id,
  role,
  threadId: 'chat',
  resourceId: 'ann',
  type: 'v2',
  createdAt: time,
  content: { format: 2, parts: [{ type: 'text', text }] },
}));
await memory.saveMessages({ messages });
const texts = async (options) => {
  const page = await memory.listMessages({ threadId: 'chat', ...options });
  return page.messages.map(({ content }) => content.parts[0].text);
};
const seen = {
  all: await texts({}),
  newest: await texts({ perPage: 2, orderBy: { field: 'createdAt', direction: 'DESC' } }),
};
console.log(JSON.stringify(seen));
await miniflare.dispose();
assert.deepEqual(
  seen,
  {
    all: ['You are welcome.', 'To Rome, at 8.', 'Thanks!', 'Where to?'],
    newest: ['To Rome, at 8.', 'Where to?'],
  },
  '@mastra/cloudflare-d1 behaves differently now',
);
process.exit(0);
EOF
node_modules/.bin/node probe.mjs
