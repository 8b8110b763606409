#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0
# Expected:    A stored message in the form of OpenAI whose call has the arguments "", as tools without parameters get,
#              is read.
# Actual:      It is refused with a SyntaxError.
# Output seen: "Unexpected end of JSON input"
# Consequence: A conversation in which a tool without parameters was called cannot be continued.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { coerceMessageLikeToMessage } from '@langchain/core/messages';

const call = { id: 'call_1', type: 'function', function: { name: 'now', arguments: '' } };
let seen = null;
try {
  coerceMessageLikeToMessage({ role: 'assistant', content: '', tool_calls: [call] });
} catch ({ message }) {
  seen = message;
}
console.log(JSON.stringify(seen));
assert.equal(seen, 'Unexpected end of JSON input', '@langchain/core behaves differently now');
EOF
node probe.mjs
