#!/usr/bin/env bash
# Package:     itty-durable 2.4.1, itty-router 5.0.24, miniflare 4.20260721.0
# Expected:    After `destroy()`, which purges the storage, nothing is stored.
# Actual:      With `autoPersist` the same request stores all contents once more. With `reset` as well, the contents
#              of the constructor are stored.
# Output seen: {"before":[["data",{"messages":["My name is Ann."]}]],"destroyed":[["data",{"messages":["My name is Ann."]}]],"reset":[["data",{"messages":[]}]]}
# Consequence: A chat that a user has deleted is still on disk, and is there again when the object starts anew.
# Seen:        2026-11-30, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error itty-durable@2.4.1 itty-router@5.0.24 esbuild@0.28.2 miniflare@4.20260721.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const contents = `
import { createDurable, proxyDurable } from 'itty-durable';
export class Chat extends createDurable({ autoPersist: true }) {
  constructor(state, env) {
    super(state, env);
    this.messages = [];
  }
  add(message) {
    this.messages.push(message);
  }
  async stored() {
    return [...(await this.state.storage.list())];
  }
}
export default {
  async fetch(request, env) {
    const chat = proxyDurable(env.CHAT, { name: 'Chat', parse: true }).get('one');
    await chat.add('My name is Ann.');
    const before = await chat.stored();
    await chat.destroy();
    const destroyed = await chat.stored();
    await chat.destroy({ reset: true });
    return Response.json({ before, destroyed, reset: await chat.stored() });
  },
};`;
await build({
  stdin: { contents, resolveDir: '.' },
  bundle: true,
  format: 'esm',
  outfile: 'worker.js',
  logLevel: 'error',
});
const miniflare = new Miniflare({
  modules: true,
  scriptPath: 'worker.js',
  compatibilityDate: '2026-06-01',
  durableObjects: { CHAT: { className: 'Chat', useSQLite: true } },
});
const seen = await (await miniflare.dispatchFetch('http://example.com/')).json();
await miniflare.dispose();
console.log(JSON.stringify(seen));
const full = [['data', { messages: ['My name is Ann.'] }]];
assert.deepEqual(
  seen,
  { before: full, destroyed: full, reset: [['data', { messages: [] }]] },
  'itty-durable behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
