#!/usr/bin/env bash
# Package:     @langchain/textsplitters 1.0.2, @langchain/core 1.4.0, js-tiktoken 1.0.21
# Expected:    `TokenTextSplitter` splits with what is installed, and the chunks together have all characters.
# Actual:      It fetches the vocabulary of the encoding from a server on the Internet. A character whose tokens are
#              parted is lost.
# Output seen: {"asked":"tiktoken.pages.dev","lost":["往"]}
# Consequence: A service without access to the Internet does not start, and words of Chinese texts are not found.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/textsplitters@1.0.2 @langchain/core@1.4.0 js-tiktoken@1.0.21 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { TokenTextSplitter } from '@langchain/textsplitters';
import ranks from 'js-tiktoken/ranks/cl100k_base';

let asked = null;
globalThis.fetch = async (url) => {
  asked = new URL(url).host;
  return Response.json(ranks);
};
const text = '明天飞往罗马。后天休息。';
const splitter = new TokenTextSplitter({ encodingName: 'cl100k_base', chunkSize: 5, chunkOverlap: 0 });
const chunks = (await splitter.splitText(text)).join('');
const seen = { asked, lost: [...text].filter((character) => !chunks.includes(character)) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { asked: 'tiktoken.pages.dev', lost: ['往'] },
  '@langchain/textsplitters behaves differently now',
);
EOF
node probe.mjs
