#!/usr/bin/env bash
# Package:     parse-sse 0.1.0 ("spec-compliant", says its README)
# Expected:    The standard discards an event that no blank line has ended when the stream stops.
# Actual:      The unfinished event is delivered like a finished one, even when its line was cut.
# Output seen: ["Paid 100.00 EUR to","Pa"]
# Consequence: A connection that breaks off looks like a complete answer. The half event is stored, and the
#              caller does not retry.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error parse-sse@0.1.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parseServerSentEvents } from 'parse-sse';

// The connection ends after the two letters of the second event.
const response = new Response('data: Paid 100.00 EUR to\n\ndata: Pa', {
  headers: { 'content-type': 'text/event-stream' },
});
const seen = [];
for await (const event of parseServerSentEvents(response)) seen.push(event.data);
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['Paid 100.00 EUR to', 'Pa'], 'parse-sse behaves differently now');
EOF
node probe.mjs
