#!/usr/bin/env bash
# Package:     slack-markdown 0.3.0
# Expected:    Slack sends `&`, `<` and `>` of a message as `&amp;`, `&lt;` and `&gt;`. A parser of Slack's messages
#              shows them as the user typed them.
# Actual:      They are escaped once more, so that a browser shows the entity. A quote, which Slack sends as `&gt;`,
#              is no quote.
# Output seen: ["Q&amp;amp;A","3 &amp;lt; 4","&amp;gt; quoted"]
# Consequence: A conversation that is shown outside Slack reads "Q&amp;A", and all quotes look like new words of the
#              one who quotes.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error slack-markdown@0.3.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { toHTML } from 'slack-markdown';

const seen = ['Q&amp;A', '3 &lt; 4', '&gt; quoted'].map((text) => toHTML(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Q&amp;amp;A', '3 &amp;lt; 4', '&amp;gt; quoted'],
  'slack-markdown behaves differently now',
);
EOF
node probe.mjs
