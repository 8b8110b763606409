#!/usr/bin/env bash
# Package:     workers-qb 1.14.0
# Expected:    whereIn() with an empty list finds no row.
# Actual:      The condition is left out: every row is found. An offset without a limit is written as SQL that SQLite
#              refuses.
# Output seen: {"one":"SELECT * FROM messages WHERE (session) IN (VALUES (?))","none":"SELECT * FROM messages","offset":"SELECT * FROM messages OFFSET 20"}
# Consequence: A search in the chosen sessions, of which there are none, finds the messages of all.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error workers-qb@1.14.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { QueryBuilder } from 'workers-qb';

const builder = new QueryBuilder();
const sql = (select) => select.getQueryAll().query.trim();
const seen = {
  one: sql(builder.select('messages').whereIn('session', ['s1'])),
  none: sql(builder.select('messages').whereIn('session', [])),
  offset: sql(builder.select('messages').offset(20)),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    one: 'SELECT * FROM messages WHERE (session) IN (VALUES (?))',
    none: 'SELECT * FROM messages',
    offset: 'SELECT * FROM messages OFFSET 20',
  },
  'workers-qb behaves differently now',
);
EOF
node probe.mjs
