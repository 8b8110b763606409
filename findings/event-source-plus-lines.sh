#!/usr/bin/env bash
# Package:     event-source-plus 0.1.15
# Expected:    An event with several `data` lines is one text with line breaks, and one space after the colon is
#              dropped, as the standard says.
# Actual:      Only the last line is delivered, and all spaces at its start are dropped.
# Output seen: ["BA 2","and"], sent were "Flights:\nLH 1\nBA 2" and " and"
# Consequence: Of an answer with line breaks the last line is left, and the words of a streamed one run together.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error event-source-plus@0.1.15 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import http from 'node:http';
import { EventSourcePlus } from 'event-source-plus';

const server = http.createServer((request, response) => {
  response.setHeader('content-type', 'text/event-stream');
  response.end('data: Flights:\ndata: LH 1\ndata: BA 2\n\ndata:  and\n\n');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const seen = [];
const source = new EventSourcePlus(`http://127.0.0.1:${server.address().port}`, { maxRetryCount: 0 });
await new Promise((resolve) => {
  const controller = source.listen({
    onMessage({ data }) {
      if (seen.push(data) < 2) return;
      controller.abort();
      resolve();
    },
  });
});
server.close();
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['BA 2', 'and'], 'event-source-plus behaves differently now');
process.exit(0);
EOF
node probe.mjs
