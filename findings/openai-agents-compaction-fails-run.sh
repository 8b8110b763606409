#!/usr/bin/env bash
# Package:     @openai/agents 0.20.0
# Expected:    When `OpenAIResponsesCompactionSession` cannot compact the history, the run still gives its answer. The
#              history is compacted another time.
# Actual:      The run is rejected with the compaction's error. The question and the answer are in the session all the
#              same.
# Output seen: {"plain":"503","stream":"503","items":["user","assistant","user","assistant"]}
# Consequence: The user sees an error for an answer that was given. The message is sent again, and is in the history
#              twice.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @openai/agents@0.20.0 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Agent, MemorySession, OpenAIResponsesCompactionSession, run, setTracingDisabled, Usage } from '@openai/agents';

setTracingDisabled(true);
const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
const content = [{ type: 'output_text', text: 'Hello' }];
const output = [{ type: 'message', role: 'assistant', status: 'completed', id: 'msg_1', content }];
const model = {
  getResponse: async () => ({ usage: new Usage(usage), output, responseId: 'resp_1' }),
  async *getStreamedResponse() {
    yield { type: 'response_done', response: { id: 'resp_1', usage, output } };
  },
};
const compact = async () => {
  throw new Error('503');
};
const underlyingSession = new MemorySession();
const session = new OpenAIResponsesCompactionSession({
  client: { responses: { compact } },
  underlyingSession,
  shouldTriggerCompaction: () => true,
});
const ask = async (stream) => {
  try {
    const result = await run(new Agent({ name: 'agent', model }), 'Hi', { session, stream });
    if (stream) {
      for await (const _event of result);
      await result.completed;
    }
    return result.finalOutput;
  } catch (error) {
    return error.message;
  }
};
const seen = { plain: await ask(false), stream: await ask(true) };
seen.items = (await underlyingSession.getItems()).map(({ role }) => role);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { plain: '503', stream: '503', items: ['user', 'assistant', 'user', 'assistant'] },
  '@openai/agents behaves differently now',
);
EOF
node probe.mjs
