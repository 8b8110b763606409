#!/usr/bin/env bash
# Package:     unstorage 1.17.6
# Expected:    getItem() returns the string that setItem() stored.
# Actual:      A string that looks like JSON comes back as another type.
# Output seen: {"42":"number","true":"boolean","null":"object","[1]":"object","undefined":"undefined","hello":"string"}
# Consequence: A user who answers "42" or "true" has a message that is no text any more, and one who writes
#              "null" or "undefined" looks as if nothing was ever stored. getItemRaw() is not affected.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error unstorage@1.17.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createStorage } from 'unstorage';

const storage = createStorage();
const seen = {};
for (const text of ['42', 'true', 'null', '[1]', 'undefined', 'hello']) {
  await storage.setItem('message', text);
  seen[text] = typeof (await storage.getItem('message'));
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 42: 'number', true: 'boolean', null: 'object', '[1]': 'object', undefined: 'undefined', hello: 'string' },
  'unstorage behaves differently now',
);
EOF
node probe.mjs
