#!/usr/bin/env bash
# Package:     @langchain/core 1.4.0
# Expected:    `XMLOutputParser` keeps the text around an element, or says that it cannot.
# Actual:      Text beside an element is dropped.
# Output seen: {"answer":[{"b":"120 EUR"}]}
# Consequence: An answer with one emphasised word is that word.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @langchain/core@1.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { XMLOutputParser } from '@langchain/core/output_parsers';

const seen = await new XMLOutputParser().parse('<answer>The flight is <b>120 EUR</b> without luggage.</answer>');
console.log(JSON.stringify(seen));
assert.deepEqual(seen, { answer: [{ b: '120 EUR' }] }, '@langchain/core behaves differently now');
EOF
node probe.mjs
