#!/usr/bin/env bash
# Package:     @mastra/rag 2.6.4
# Expected:    The chunks of a Markdown text keep its headings and its code as they are.
# Actual:      A "#" at which the text is split is dropped: headings are plain words, and a comment in code becomes a
#              command.
# Output seen: ["# Trip\n\nIntro.","Clean up\n\n```sh","list what is there\nls\n```"]
# Consequence: The model reads code that was not written.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @mastra/rag@2.6.4 @mastra/core@1.71.0 zod@4.6.6 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { MDocument } from '@mastra/rag';

const markdown = '# Trip\n\nIntro.\n\n## Clean up\n\n```sh\n# list what is there\nls\n```\n';
const chunks = await MDocument.fromMarkdown(markdown).chunk({ strategy: 'markdown', maxSize: 30, overlap: 0 });
const seen = chunks.map(({ text }) => text);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['# Trip\n\nIntro.', 'Clean up\n\n```sh', 'list what is there\nls\n```'],
  '@mastra/rag behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
