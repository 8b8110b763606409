#!/usr/bin/env bash
# Package:     workers-qb 1.14.0
# Expected:    Rows of one insert() whose fields stand in another order, as those of a JSON file may, are stored under
#              their names.
# Actual:      The columns are those of the first row. The values of each other row are bound in the order of its own
#              fields; a row with fewer fields gives a statement that SQLite refuses.
# Output seen: {"sql":"INSERT INTO messages (role, text) VALUES (?1, ?2), (?3, ?4)","values":["user","When?","At 8.","assistant"]}
# Consequence: An imported message has its text as its role, and its role as its text.
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
const { query, arguments: values } = builder.insert({
  tableName: 'messages',
  data: [
    { role: 'user', text: 'When?' },
    { text: 'At 8.', role: 'assistant' },
  ],
});
const seen = { sql: query, values };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    sql: 'INSERT INTO messages (role, text) VALUES (?1, ?2), (?3, ?4)',
    values: ['user', 'When?', 'At 8.', 'assistant'],
  },
  'workers-qb behaves differently now',
);
EOF
node probe.mjs
