#!/usr/bin/env bash
# Package:     eventsource-parser 3.1.1
# Expected:    The standard allows CR, LF and CRLF as line ends. A stream with CR line ends yields every event.
# Actual:      The last event never comes when the stream ends with CR CR. The transform stream has no
#              flush step: it waits for a possible LF after the last CR until the stream is closed.
# Output seen: CR ["first"], LF ["first","last"], CRLF ["first","last"]
# Consequence: The last frame of an answer is lost: the end of the text, its usage, or its finish reason.
#              The AI SDK 7.0.173 reads providers with this parser and loses the same event.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error eventsource-parser@3.1.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { EventSourceParserStream } from 'eventsource-parser/stream';

async function read(newline) {
  const text = ['data: first', '', 'data: last', '', ''].join(newline);
  const events = new Blob([text])
    .stream()
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const seen = [];
  for await (const event of events) seen.push(event.data);
  return seen;
}

const seen = { CR: await read('\r'), LF: await read('\n'), CRLF: await read('\r\n') };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { CR: ['first'], LF: ['first', 'last'], CRLF: ['first', 'last'] },
  'eventsource-parser behaves differently now',
);
EOF
node probe.mjs
