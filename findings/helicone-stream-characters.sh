#!/usr/bin/env bash
# Package:     @helicone/helpers 1.8.3
# Expected:    The logged text of a stream is the text that was streamed.
# Actual:      Each piece is decoded by itself: a character whose bytes come in two pieces is two or three replacement
#              characters in the log.
# Output seen: {"whole":"Grüße nach Düsseldorf","pieces":"Gr��ße nach D��sseldorf"}
# Consequence: A log of answers in German, Greek or Chinese is damaged at random places, and a search misses them.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @helicone/helpers@1.8.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import http from 'node:http';
import { HeliconeManualLogger } from '@helicone/helpers';

const logged = [];
const server = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    logged.push(JSON.parse(Buffer.concat(pieces).toString()));
    response.end('{}');
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const logger = new HeliconeManualLogger({ apiKey: 'key', loggingEndpoint: `http://127.0.0.1:${server.address().port}/log` });
const bytes = new TextEncoder().encode('Grüße nach Düsseldorf');
const log = async (cuts) => {
  const ends = [...cuts, bytes.length];
  const stream = new ReadableStream({
    start(controller) {
      ends.forEach((end, at) => controller.enqueue(bytes.subarray(at === 0 ? 0 : ends[at - 1], end)));
      controller.close();
    },
  });
  await logger.logSingleStream({ model: 'm', messages: [] }, stream);
  return logged.pop().providerResponse.textBody;
};
const seen = { whole: await log([]), pieces: await log([3, 15]) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { whole: 'Grüße nach Düsseldorf', pieces: 'Gr\ufffd\ufffdße nach D\ufffd\ufffdsseldorf' },
  '@helicone/helpers behaves differently now',
);
process.exit(0);
EOF
node probe.mjs
