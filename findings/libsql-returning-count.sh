#!/usr/bin/env bash
# Package:     @libsql/client 0.18.0
# Expected:    `rowsAffected` of an INSERT or DELETE is the number of rows that were written, with RETURNING as
#              without.
# Actual:      With RETURNING it is 0, and `lastInsertRowid` is undefined, though the rows are written.
# Output seen: {"insert":2,"insertReturning":0,"lastId":null,"updateReturning":0,"deleteReturning":0,"left":3}
# Consequence: A message that was stored is taken as refused, and is sent again.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @libsql/client@0.18.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createClient } from '@libsql/client';

const client = createClient({ url: ':memory:' });
await client.execute('CREATE TABLE messages (id INTEGER PRIMARY KEY, text TEXT)');
const plain = await client.execute("INSERT INTO messages (text) VALUES ('When?'), ('At 8.')");
const returning = await client.execute("INSERT INTO messages (text) VALUES ('And?'), ('At 9.') RETURNING id");
const updated = await client.execute("UPDATE messages SET text = text || '.' RETURNING id");
const deleted = await client.execute('DELETE FROM messages WHERE id = 1 RETURNING id');
const { rows } = await client.execute('SELECT count(*) AS n FROM messages');
const seen = {
  insert: plain.rowsAffected,
  insertReturning: returning.rowsAffected,
  lastId: returning.lastInsertRowid ?? null,
  updateReturning: updated.rowsAffected,
  deleteReturning: deleted.rowsAffected,
  left: rows[0].n,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { insert: 2, insertReturning: 0, lastId: null, updateReturning: 0, deleteReturning: 0, left: 3 },
  '@libsql/client behaves differently now',
);
EOF
node probe.mjs
