#!/usr/bin/env bash
# Package:     s3rver 3.7.1, aws4fetch 1.0.20
# Expected:    The range "bytes=-2" of "abcdef" is its last two bytes, as in S3 and R2.
# Actual:      It is the first three bytes: "-2" is read as "0-2", with the status of a right answer.
# Output seen: {"bytes=4-5":[206,"ef"],"bytes=4-":[206,"ef"],"bytes=-2":[206,"abc"]}
# Consequence: A test that reads the end of a Parquet or ZIP export, where its directory is, says that the file is
#              broken.
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
const url = `http://127.0.0.1:${port}/exports/a.parquet`;
await client.fetch(url, { method: 'PUT', body: 'abcdef' });
const read = async (range) => {
  const response = await client.fetch(url, { headers: { range } });
  return [response.status, await response.text()];
};
const seen = { 'bytes=4-5': await read('bytes=4-5'), 'bytes=4-': await read('bytes=4-'), 'bytes=-2': await read('bytes=-2') };
console.log(JSON.stringify(seen));
await server.close();
assert.deepEqual(
  seen,
  { 'bytes=4-5': [206, 'ef'], 'bytes=4-': [206, 'ef'], 'bytes=-2': [206, 'abc'] },
  's3rver behaves differently now',
);
EOF
node probe.mjs
