#!/usr/bin/env bash
# Package:     @microsoft/fetch-event-source 2.0.1
# Expected:    A comment in a stream, which servers send to keep it open, is no event.
# Actual:      `onmessage` gets an event with empty data. Where it parses JSON it throws, and then the request is sent
#              again.
# Output seen: {"requests":2,"data":["","{\"delta\":\"Hello\"}"]}: the second answer has no comment
# Consequence: A question is asked, stored and paid for once more whenever the model takes longer than a server waits
#              to say something.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @microsoft/fetch-event-source@2.0.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { fetchEventSource } from '@microsoft/fetch-event-source';

globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.window = { clearTimeout, fetch, setTimeout };
const answers = [': keep-alive\n\ndata: {"delta":"Hello"}\n\n', 'data: {"delta":"Hello"}\n\n'];
let requests = 0;
const data = [];
await fetchEventSource('https://api.example.com/query', {
  method: 'POST',
  body: '{"query":"Hi"}',
  openWhenHidden: true,
  fetch: async () => new Response(answers[requests++], { headers: { 'content-type': 'text/event-stream' } }),
  onmessage: (event) => {
    data.push(event.data);
    JSON.parse(event.data);
  },
  onerror: () => 10,
});
const seen = { requests, data };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { requests: 2, data: ['', '{"delta":"Hello"}'] },
  '@microsoft/fetch-event-source behaves differently now',
);
EOF
node probe.mjs
