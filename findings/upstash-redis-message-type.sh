#!/usr/bin/env bash
# Package:     @upstash/redis 1.39.0
# Expected:    lrange() returns the texts that rpush() stored.
# Actual:      The client parses each text as JSON by default: some messages come back as other types.
# Output seen: [["42","number"],["true","boolean"],["null","object"],["[1]","object"],["hello","string"]]
# Consequence: A user who answers "42" breaks the next call of the model, and one who writes "null" has said nothing.
#              Set `automaticDeserialization: false`.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @upstash/redis@1.39.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Redis } from '@upstash/redis';

// A stand-in for the REST service: it keeps one list, and answers as its documentation says.
const list = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const [command, , ...values] = JSON.parse(body);
  if (command === 'rpush') list.push(...values);
  const plain = (text) => Buffer.from(text).toString('base64');
  const result = command === 'rpush' ? list.length : list.map(plain);
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ result }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const redis = new Redis({ url, token: 'token', enableTelemetry: false, enableAutoPipelining: false });
const said = ['42', 'true', 'null', '[1]', 'hello'];
await redis.rpush('history', ...said);
const read = await redis.lrange('history', 0, -1);
const seen = said.map((text, n) => [text, typeof read[n]]);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    ['42', 'number'],
    ['true', 'boolean'],
    ['null', 'object'],
    ['[1]', 'object'],
    ['hello', 'string'],
  ],
  '@upstash/redis behaves differently now',
);
process.exit();
EOF
node probe.mjs
