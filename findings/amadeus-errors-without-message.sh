#!/usr/bin/env bash
# Package:     amadeus 11.0.0
# Expected:    A refused request is rejected with an `Error`: it has a message and a stack.
# Actual:      It is rejected with an object that is none. `message` is undefined, and in a template string it is
#              "[object Object]". The reason is in `description`, a list.
# Output seen: {"isError":false,"message":null,"text":"[object Object]","code":"ClientError","status":429}
# Consequence: Logs and error trackers show "[object Object]" for an outage as for a wrong airport.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error amadeus@11.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import Amadeus from 'amadeus';

const errors = [{ status: 429, code: 38194, title: 'Too many requests' }];
const server = createServer(({ url }, response) => {
  const isToken = url.includes('oauth2');
  response.writeHead(isToken ? 200 : 429, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isToken ? { access_token: 'token', expires_in: 1799 } : { errors }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();
const http = { request: (options) => request({ ...options, protocol: 'http:' }) };
const amadeus = new Amadeus({ clientId: 'id', clientSecret: 'secret', host: '127.0.0.1', port, http });
const error = await amadeus.referenceData.locations.get({ keyword: 'BER', subType: 'CITY' }).catch((error) => error);
server.close();
server.closeAllConnections();
const seen = {
  isError: error instanceof Error,
  message: error.message ?? null,
  text: `${error}`,
  code: error.code,
  status: error.description?.[0]?.status,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { isError: false, message: null, text: '[object Object]', code: 'ClientError', status: 429 },
  'amadeus behaves differently now',
);
EOF
node probe.mjs
