#!/usr/bin/env bash
# Package:     assistant-stream 0.3.44
# Expected:    A tool call that is added with its arguments and its response arrives with both, in each format.
# Actual:      The data stream leaves the arguments out. The other end has `{}`.
# Output seen: {"direct":{"city":"Rome"},"transport":{"city":"Rome"},"data stream":{}}
# Consequence: The screen and the stored message show a call without arguments.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error assistant-stream@0.3.44 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import {
  AssistantMessageAccumulator,
  AssistantTransportDecoder,
  AssistantTransportEncoder,
  createAssistantStream,
  DataStreamDecoder,
  DataStreamEncoder,
} from 'assistant-stream';

const answer = () =>
  createAssistantStream((controller) => {
    controller.addToolCallPart({
      toolCallId: 'call_1',
      toolName: 'price',
      args: { city: 'Rome' },
      response: { result: '5 EUR' },
    });
  });
const args = async (stream) => {
  let last;
  for await (const message of stream.pipeThrough(new AssistantMessageAccumulator())) last = message;
  return JSON.parse(JSON.stringify(last.parts[0].args));
};
const through = (encoder, decoder) => args(answer().pipeThrough(encoder).pipeThrough(decoder));
const seen = {
  direct: await args(answer()),
  transport: await through(new AssistantTransportEncoder(), new AssistantTransportDecoder()),
  'data stream': await through(new DataStreamEncoder(), new DataStreamDecoder()),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { direct: { city: 'Rome' }, transport: { city: 'Rome' }, 'data stream': {} },
  'assistant-stream behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
