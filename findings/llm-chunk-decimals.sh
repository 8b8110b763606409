#!/usr/bin/env bash
# Package:     llm-chunk 0.0.1
# Expected:    Sentences end at a dot with a space after it: "10.30" and "1,200.50 EUR" stay in one piece.
# Actual:      Each dot ends a sentence, also within a number, and a space is put after it.
# Output seen: ["Fly at 10.","30. The fare is 1,200.","50 EUR."]
# Consequence: The model reads that the fare is 1,200, and another chunk that begins with 50 EUR.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error llm-chunk@0.0.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { chunk } from 'llm-chunk';

const text = 'Fly at 10.30. The fare is 1,200.50 EUR.';
const seen = chunk(text, { minLength: 5, maxLength: 40, overlap: 0, splitter: 'sentence' });
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['Fly at 10.', '30. The fare is 1,200.', '50 EUR.'], 'llm-chunk behaves differently now');
EOF
node probe.mjs
