#!/usr/bin/env bash
# Package:     streaming-markdown 0.2.15
# Expected:    An underscore within a word is text, in CommonMark and in each chat: order_id_5 is shown as it is.
# Actual:      The part between two underscores is put in italics, even across words, and the underscores are gone.
# Output seen: ["orderid5","LH120 and BA140"]
# Consequence: A user copies an order number, a file name or a login that does not exist.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error streaming-markdown@0.2.15 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parser, parser_end, parser_write } from 'streaming-markdown';

const textOf = (markdown) => {
  let text = '';
  const screen = parser({
    data: null,
    add_token() {},
    end_token() {},
    set_attr() {},
    add_text: (_, piece) => (text += piece),
  });
  parser_write(screen, markdown);
  parser_end(screen);
  return text;
};
const seen = ['order_id_5', 'LH_120 and BA_140'].map(textOf);
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['orderid5', 'LH120 and BA140'], 'streaming-markdown behaves differently now');
EOF
node probe.mjs
