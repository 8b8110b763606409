#!/usr/bin/env bash
# Package:     @langchain/langgraph 1.7.3, InMemoryStore
# Expected:    search() with a filter finds items whose value equals the filter, or compares with $gt and $lt.
# Actual:      Numbers and texts can be equal. A list or an object never equals itself, and $gt or $lt on
#              a text (an ISO date) never match. No error is raised.
# Output seen: {"text":1,"number":1,"list":0,"object":0,"dateAfter":0,"dateBefore":0}
# Consequence: "Memories since Monday" or "memories with these tags" are an empty list, so the assistant says
#              that it knows nothing.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/langgraph@1.7.3 @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { InMemoryStore } from '@langchain/langgraph';

const store = new InMemoryStore();
await store.put(['memories'], 'note', {
  kind: 'fact',
  weight: 3,
  tags: ['tea'],
  source: { turn: 1 },
  at: '2026-11-20T00:00:00Z',
});
const filters = {
  text: { kind: 'fact' },
  number: { weight: { $gt: 2 } },
  list: { tags: ['tea'] },
  object: { source: { turn: 1 } },
  dateAfter: { at: { $gt: '2026-11-01T00:00:00Z' } },
  dateBefore: { at: { $lt: '2026-12-01T00:00:00Z' } },
};
const seen = {};
for (const [name, filter] of Object.entries(filters)) {
  seen[name] = (await store.search(['memories'], { filter })).length;
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { text: 1, number: 1, list: 0, object: 0, dateAfter: 0, dateBefore: 0 },
  '@langchain/langgraph behaves differently now',
);
EOF
node probe.mjs
