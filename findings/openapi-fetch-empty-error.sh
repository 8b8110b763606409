#!/usr/bin/env bash
# Package:     openapi-fetch 0.17.0
# Expected:    An answer with a status of 400 or more sets `error` to something true, as `if (error)` is the documented
#              way to find it.
# Actual:      With an empty body `error` is "" or undefined. `data` is undefined as well.
# Output seen: {"500":"no error","503 with content-length 0":"no error","422 with JSON":"error"}
# Consequence: A message that a proxy answered with an empty 503 is taken as stored. Check `response.ok`.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error openapi-fetch@0.17.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';

const answers = {
  500: new Response('', { status: 500 }),
  '503 with content-length 0': new Response(null, { status: 503, headers: { 'content-length': '0' } }),
  '422 with JSON': Response.json({ code: 'invalid' }, { status: 422 }),
};
const seen = {};
for (const [name, answer] of Object.entries(answers)) {
  const client = createClient({ baseUrl: 'http://api.invalid', fetch: async () => answer });
  const { error } = await client.POST('/messages', { body: { text: 'Hello' } });
  seen[name] = error ? 'error' : 'no error';
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 500: 'no error', '503 with content-length 0': 'no error', '422 with JSON': 'error' },
  'openapi-fetch behaves differently now',
);
EOF
node probe.mjs
