#!/usr/bin/env bash
# Package:     fetch-event-stream 0.1.6
# Expected:    One space after the colon is dropped, as the standard says, and a second one is text.
# Actual:      All spaces at the start of a piece are dropped.
# Output seen: "Helloworld"
# Consequence: A streamed answer has no spaces between its words.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error fetch-event-stream@0.1.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { events } from 'fetch-event-stream';

const stream = 'data: Hello\n\ndata:  world\n\n';
let seen = '';
for await (const { data } of events(new Response(stream))) seen += data;
console.log(JSON.stringify(seen));
assert.equal(seen, 'Helloworld', 'fetch-event-stream behaves differently now');
EOF
node probe.mjs
