#!/usr/bin/env bash
# Package:     @assistant-ui/react-langgraph 0.14.20
# Expected:    convertLangChainMessages() shows the pictures of a stored thread, in each form that LangChain has for
#              them.
# Actual:      Only `image_url` is known. LangChain's standard block of the type "image" is skipped, without an error.
# Output seen: {"image_url":["text","image"],"data":["text"],"url":["text"]}
# Consequence: A chat that is loaded again shows the user's question without the picture that it is about.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @assistant-ui/react-langgraph@0.14.20 @assistant-ui/core@0.3.35 @assistant-ui/store@0.3.23 @assistant-ui/tap@0.9.25 react@19.3.1 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertLangChainMessages } from '@assistant-ui/react-langgraph';

const picture = 'https://example.com/room.png';
const forms = {
  image_url: { type: 'image_url', image_url: { url: picture } },
  data: { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
  url: { type: 'image', url: picture },
};
const question = { type: 'text', text: 'Is this room free?' };
const seen = {};
for (const [name, block] of Object.entries(forms)) {
  const { content } = convertLangChainMessages({ type: 'human', id: '1', content: [question, block] }, {});
  seen[name] = content.map(({ type }) => type);
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { image_url: ['text', 'image'], data: ['text'], url: ['text'] },
  '@assistant-ui/react-langgraph behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
