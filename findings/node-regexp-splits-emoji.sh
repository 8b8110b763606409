#!/usr/bin/env bash
# Package:     node 24.21.0 (V8)
# Expected:    With the flag `u` a pattern steps over whole code points, so no match lies within an emoji.
# Actual:      An empty match of `\B` or of a negative lookbehind does: split() and replace() cut the emoji
#              in halves. Lookahead, `$` and a positive lookbehind do not.
# Output seen: {"notBoundary":"H|i\ud83d|\ude00|","lookbehind":["Hi\ud83d","\ude00"],"lookahead":"|H|i|😀|"}
# Consequence: Text that is split or marked by such a pattern holds half characters. A store or a model gets
#              U+FFFD in place of the emoji, without any error.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';

const seen = {
  notBoundary: 'Hi😀'.replace(/\B/gu, '|'),
  lookbehind: 'Hi😀'.split(/(?<!\w)/u),
  lookahead: 'Hi😀'.replace(/(?=)/gu, '|'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    notBoundary: 'H|i\ud83d|\ude00|',
    lookbehind: ['Hi\ud83d', '\ude00'],
    lookahead: '|H|i|😀|',
  },
  'node behaves differently now',
);
EOF
node_modules/.bin/node probe.mjs
