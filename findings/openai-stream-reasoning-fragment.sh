#!/usr/bin/env bash
# Package:     openai 7.55.0
# Expected:    chat.completions.stream() joins every text delta into the final message.
# Actual:      It joins `content` alone. `reasoning_content`, which many compatible servers stream, is replaced
#              by each next delta: the last piece is left.
# Output seen: {"content":"4","reasoning_content":" so 4."}
# Consequence: The stored reasoning is a fragment without any error. Providers that want their reasoning back
#              get the fragment.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error openai@7.55.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const chunk = (delta, finish_reason = null) => ({
  id: 'chatcmpl_1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'model',
  choices: [{ index: 0, delta, finish_reason }],
});
const chunks = [
  chunk({ role: 'assistant', reasoning_content: 'Two and two' }),
  chunk({ reasoning_content: ' make four,' }),
  chunk({ reasoning_content: ' so 4.' }),
  chunk({ content: '4' }),
  chunk({}, 'stop'),
];
const body = chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('') + 'data: [DONE]\n\n';
const client = new OpenAI({
  apiKey: 'key',
  baseURL: 'http://model.invalid/v1',
  fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
});
const stream = client.chat.completions.stream({ model: 'model', messages: [] });
const { message } = (await stream.finalChatCompletion()).choices[0];
const seen = { content: message.content, reasoning_content: message.reasoning_content };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { content: '4', reasoning_content: ' so 4.' },
  'openai behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
