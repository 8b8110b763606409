#!/usr/bin/env bash
# Package:     s3rver 3.7.1, aws4fetch 1.0.20
# Expected:    Writing an object that is there with `If-None-Match: *`, with another ETag in `If-Match`, or with a wrong
#              checksum is refused, as S3 and R2 do; or the header is refused as unknown.
# Actual:      Each is stored with 200, and the object is the last one.
# Output seen: {"first":200,"absent":200,"match":200,"checksum":200,"stored":"fourth"}
# Consequence: Tests of a lock, or of two writers of one export, are green or red for the wrong reason.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error s3rver@3.7.1 aws4fetch@1.0.20 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { AwsClient } from 'aws4fetch';
import S3rver from 's3rver';

const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: './s3rver',
  configureBuckets: [{ name: 'exports' }],
});
const { port } = await server.run();
const client = new AwsClient({ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', service: 's3', region: 'us-east-1' });
const url = `http://127.0.0.1:${port}/exports/lock`;
const write = async (body, headers = {}) => (await client.fetch(url, { method: 'PUT', body, headers })).status;
const seen = {
  first: await write('first'),
  absent: await write('second', { 'if-none-match': '*' }),
  match: await write('third', { 'if-match': '"0"' }),
  checksum: await write('fourth', { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
  stored: await (await client.fetch(url)).text(),
};
console.log(JSON.stringify(seen));
await server.close();
assert.deepEqual(
  seen,
  { first: 200, absent: 200, match: 200, checksum: 200, stored: 'fourth' },
  's3rver behaves differently now',
);
EOF
node probe.mjs
