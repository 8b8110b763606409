#!/usr/bin/env bash
# Package:     kysely-do 0.0.1-rc.1, kysely 0.28.2, miniflare 4.20260721.0
# Expected:    One message that is stored, moved or deleted counts as one row.
# Actual:      The rows of indexes are counted, too: a message that is stored is 3 rows in a table with a text as its
#              key and one index. One that is moved is 2, and one that is deleted 1.
# Output seen: {"stored":3,"storedAgain":0,"changed":1,"moved":2,"deleted":1}
# Consequence: A check for exactly one row says that a message was not stored, and it is sent again; a new index breaks
#              checks that worked.
# Seen:        2026-11-30, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error kysely-do@0.0.1-rc.1 kysely@0.28.2 esbuild@0.28.2 miniflare@4.20260721.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const contents = `
import { DurableObject } from 'cloudflare:workers';
import { Kysely } from 'kysely';
import { DODialect } from 'kysely-do';
export class Chat extends DurableObject {
  async fetch() {
    const database = new Kysely({ dialect: new DODialect({ ctx: this.ctx }) });
    await database.schema
      .createTable('messages')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('chat', 'text')
      .addColumn('text', 'text')
      .execute();
    await database.schema.createIndex('by_chat').on('messages').column('chat').execute();
    const insert = database
      .insertInto('messages')
      .values({ id: 'a', chat: 'first', text: 'To Rome.' })
      .onConflict((conflict) => conflict.doNothing());
    const update = (values) => database.updateTable('messages').set(values).where('id', '=', 'a');
    const remove = database.deleteFrom('messages').where('id', '=', 'a');
    return Response.json({
      stored: Number((await insert.executeTakeFirst()).numInsertedOrUpdatedRows),
      storedAgain: Number((await insert.executeTakeFirst()).numInsertedOrUpdatedRows),
      changed: Number((await update({ text: 'To Oslo.' }).executeTakeFirst()).numUpdatedRows),
      moved: Number((await update({ chat: 'second' }).executeTakeFirst()).numUpdatedRows),
      deleted: Number((await remove.executeTakeFirst()).numDeletedRows),
    });
  }
}
export default { fetch: (request, env) => env.CHAT.get(env.CHAT.idFromName('one')).fetch(request) };`;
await build({
  stdin: { contents, resolveDir: '.' },
  bundle: true,
  format: 'esm',
  outfile: 'worker.js',
  external: ['cloudflare:*'],
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
assert.deepEqual(
  seen,
  { stored: 3, storedAgain: 0, changed: 1, moved: 2, deleted: 1 },
  'kysely-do behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
