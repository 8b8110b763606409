#!/usr/bin/env bash
# Package:     @orama/orama 3.1.18
# Expected:    remove() takes a document and its words out of the index; a saved index holds no word of it.
# Actual:      The document is gone, and no search finds it. Each of its words stays in the tree and in the word counts
#              that save() writes.
# Output seen: {"found":0,"savedWords":["zebra","4711"]}
# Consequence: After a user's erasure the saved index still holds what the user wrote. Build the index again.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @orama/orama@3.1.18 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { create, insert, remove, save, search } from '@orama/orama';

const index = create({ schema: { text: 'string' } });
await insert(index, { id: '1', text: 'my password is zebra 4711' });
await insert(index, { id: '2', text: 'hello' });
await remove(index, '1');
const saved = JSON.stringify(await save(index));
const seen = {
  found: (await search(index, { term: 'zebra' })).count,
  savedWords: ['zebra', '4711'].filter((word) => saved.includes(word)),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { found: 0, savedWords: ['zebra', '4711'] },
  '@orama/orama behaves differently now',
);
EOF
node probe.mjs
