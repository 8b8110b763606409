#!/usr/bin/env bash
# Package:     openai-gpt-token-counter 1.1.2, gpt-tokens 1.3.14
# Expected:    A message of 1,000 words is about 1,000 tokens, whether its content is a text or a list with a text part.
# Actual:      The words of a list are counted as nothing, without an error.
# Output seen: [[1007,1008],[10,7]]
# Consequence: From the first picture on, whose message has parts, the price of a chat is estimated at almost nothing.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error openai-gpt-token-counter@1.1.2 gpt-tokens@1.3.14 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { GPTTokens } from 'gpt-tokens';
import counter from 'openai-gpt-token-counter';

const text = 'word '.repeat(1000);
const parts = [{ type: 'text', text }];
const seen = [text, parts].map((content) => {
  const messages = [{ role: 'user', content }];
  return [counter.chat(messages, 'gpt-4o'), new GPTTokens({ model: 'gpt-4o', messages }).usedTokens];
});
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [
    [1007, 1008],
    [10, 7],
  ],
  'openai-gpt-token-counter or gpt-tokens behaves differently now',
);
EOF
node probe.mjs
