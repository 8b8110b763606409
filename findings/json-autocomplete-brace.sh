#!/usr/bin/env bash
# Package:     json-autocomplete 0.1.3
# Expected:    A text that is cut off after a brace is closed with a quote, as any other text is.
# Actual:      The brace is taken as the begin of an object, and "null" and braces are added within the text. A text
#              that is cut off after a backslash, and a negative number after its sign, give what is not JSON.
# Output seen: [{"text":"Dear"},{"text":"Dear {name: null}"},"SyntaxError","SyntaxError"]
# Consequence: While an answer with a template or code streams in, the screen shows words that the model never wrote.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error json-autocomplete@0.1.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import complete from 'json-autocomplete';

const read = (text) => {
  try {
    return JSON.parse(complete(text));
  } catch (error) {
    return error.name;
  }
};
const seen = [
  read('{"text":"Dear'),
  read('{"text":"Dear {name'),
  read('{"text":"Dear Ann,\\'),
  read('{"nights":2,"change":-'),
];
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  [{ text: 'Dear' }, { text: 'Dear {name: null}' }, 'SyntaxError', 'SyntaxError'],
  'json-autocomplete behaves differently now',
);
EOF
node probe.mjs
