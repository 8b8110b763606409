#!/usr/bin/env bash
# Package:     @openai/agents-extensions 0.18.0, ai 7.0.173
# Expected:    With `aisdk()`, an answer that ends at the token limit is incomplete, as with the own models of the SDK.
#              Responses have ids.
# Actual:      It is completed, and a stream does not tell the reason at all. Each response has the id "FAKE_ID".
# Output seen: {"status":"completed","reason":null,"lastResponseId":["FAKE_ID","FAKE_ID"]}
# Consequence: Half an answer is stored as a whole one, and a table with the id as its key has one row.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @openai/agents-extensions@0.18.0 @openai/agents@0.18.0 ai@7.0.173 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Agent, run, setTracingDisabled } from '@openai/agents';
import { aisdk } from '@openai/agents-extensions/ai-sdk';

setTracingDisabled(true);
const chunks = [
  { type: 'stream-start', warnings: [] },
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: 'The first half' },
  { type: 'text-end', id: '1' },
  {
    type: 'finish',
    finishReason: { unified: 'length', raw: 'length' },
    usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
  },
];
const model = {
  specificationVersion: 'v3',
  provider: 'provider',
  modelId: 'model',
  supportedUrls: {},
  doStream: async () => ({ stream: ReadableStream.from(chunks) }),
};
const answer = async () => {
  const result = await run(new Agent({ name: 'agent', model: aisdk(model) }), 'Hello', { stream: true });
  await result.completed;
  return result;
};
const first = await answer();
const { status } = first.history.at(-1);
const reason = JSON.stringify([first.history.at(-1), first.rawResponses]).includes('length') ? 'length' : null;
const seen = { status, reason, lastResponseId: [first.lastResponseId, (await answer()).lastResponseId] };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { status: 'completed', reason: null, lastResponseId: ['FAKE_ID', 'FAKE_ID'] },
  '@openai/agents-extensions behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
