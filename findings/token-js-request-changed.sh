#!/usr/bin/env bash
# Package:     token.js 0.7.1
# Expected:    A request is read, and left as it is: the same object can be sent once more.
# Actual:      The call removes `provider` from the caller's object.
# Output seen: {"first":"Connection error.","keys":["model","messages"],"again":"Could not find provider for model."}
# Consequence: A retry after a failed call, and the next question with the same options, fail with an error about the
#              name of the model.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error token.js@0.7.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import https from 'node:https';
import { createRequire } from 'node:module';

// The service cannot be reached.
https.request = () => {
  const request = Object.assign(new EventEmitter(), { abort() {}, end() {}, write() {} });
  setImmediate(() => request.emit('error', Object.assign(new Error('unreachable'), { code: 'ECONNREFUSED' })));
  return request;
};

const { TokenJS } = createRequire(import.meta.url)('token.js');
const client = new TokenJS({ apiKey: 'key' });
const request = {
  provider: 'anthropic',
  model: 'claude-3-7-sonnet-latest',
  messages: [{ role: 'user', content: 'Hi' }],
};
const errorOf = async () => {
  try {
    await client.chat.completions.create(request);
  } catch (error) {
    return error.message;
  }
};
const first = await errorOf();
const keys = Object.keys(request);
const [again] = (await errorOf()).split(' Are you');
const seen = { first, keys, again };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { first: 'Connection error.', keys: ['model', 'messages'], again: 'Could not find provider for model.' },
  'token.js behaves differently now',
);
process.exit(0);
EOF
node probe.mjs
