#!/usr/bin/env bash
# Package:     @modelcontextprotocol/sdk 1.32.2 (@modelcontextprotocol/server 2.4.0 does the same)
# Expected:    `{?limit,after}` makes query parameters: each may be missing, and their order is free. A URI that
#              expand() of the same template made is always matched.
# Actual:      The template matches when every parameter is there, in the order of the template. A URI that
#              expand() made without one of them is not found.
# Output seen: {"both":"matched","otherOrder":"not found","one":"not found","none":"not found"}
# Consequence: A client that asks for a conversation without a page limit is told that it does not exist.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @modelcontextprotocol/sdk@1.32.2 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { UriTemplate } from '@modelcontextprotocol/sdk/shared/uriTemplate.js';

const template = new UriTemplate('chat://{id}{?limit,after}');
const uris = {
  both: template.expand({ id: 'c1', limit: '5', after: 'm1' }),
  otherOrder: 'chat://c1?after=m1&limit=5',
  one: template.expand({ id: 'c1', limit: '5' }),
  none: template.expand({ id: 'c1' }),
};
const seen = {};
for (const [name, uri] of Object.entries(uris)) {
  seen[name] = template.match(uri) ? 'matched' : 'not found';
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { both: 'matched', otherOrder: 'not found', one: 'not found', none: 'not found' },
  '@modelcontextprotocol/sdk behaves differently now',
);
EOF
node probe.mjs
