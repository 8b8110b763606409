#!/usr/bin/env bash
# Package:     @node-idempotency/core 1.0.11, @node-idempotency/storage-adapter-memory 1.0.2
# Expected:    A request that failed with 503 can be sent again with its key. The same JSON with its fields in another
#              order is the same request.
# Actual:      The failure is stored, and is the answer to each retry, for a day by default. Another order of the fields
#              is another request, and is refused.
# Output seen: {"failed":"ran","retry":{"status":503},"stored":"ran","reordered":"IDEMPOTENCY_FINGERPRINT_MISSMATCH"}
# Consequence: After an outage of seconds the retries of a client, which has to keep its key, fail until tomorrow.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @node-idempotency/core@1.0.11 @node-idempotency/storage-adapter-memory@1.0.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import core from '@node-idempotency/core';
import adapter from '@node-idempotency/storage-adapter-memory';

const storage = new adapter.MemoryStorageAdapter();
await storage.connect?.();
const idempotency = new core.Idempotency(storage);
const request = (key, body) => ({ headers: { 'idempotency-key': key }, path: '/messages', method: 'POST', body });
const send = async (key, body, response) => {
  try {
    const stored = await idempotency.onRequest(request(key, body));
    if (stored) return stored.error ?? stored.body;
    await idempotency.onResponse(request(key, body), response);
    return 'ran';
  } catch (error) {
    return error.code;
  }
};
const seen = {
  failed: await send('a', { text: 'Rome' }, { error: { status: 503 } }),
  retry: await send('a', { text: 'Rome' }, { body: { id: 1 } }),
  stored: await send('b', { text: 'Rome', nights: 2 }, { body: { id: 2 } }),
  reordered: await send('b', { nights: 2, text: 'Rome' }, { body: { id: 3 } }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { failed: 'ran', retry: { status: 503 }, stored: 'ran', reordered: 'IDEMPOTENCY_FINGERPRINT_MISSMATCH' },
  '@node-idempotency/core behaves differently now',
);
EOF
node probe.mjs
