#!/usr/bin/env bash
# Package:     jsonrepair 3.15.0
# Expected:    An apostrophe in a text in single quotes stays an apostrophe, as a double quote in double quotes stays one.
# Actual:      It becomes a double quote.
# Output seen: [{"name":"Rock \"n\" Roll"},{"text":"It\"s late"},{"text":"the \"late\" one"}]
# Consequence: The arguments of a model that writes Python's quotes hold words that it did not say.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error jsonrepair@3.15.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { jsonrepair } from 'jsonrepair';

const seen = [`{'name': 'Rock 'n' Roll'}`, `{'text': 'It's late'}`, `{"text": "the "late" one"}`].map((text) =>
  JSON.parse(jsonrepair(text)),
);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [{ name: 'Rock "n" Roll' }, { text: 'It"s late' }, { text: 'the "late" one' }],
  'jsonrepair behaves differently now',
);
EOF
node probe.mjs
