#!/usr/bin/env bash
# Package:     slack-markdown 0.3.0
# Expected:    A message as Slack sends it, with `&`, `<` and `>` as entities, is shown with these characters, and
#              `&gt;` begins a quote.
# Actual:      The entities are escaped once more, and there is no quote.
# Output seen: ["Fish &amp;amp; chips &amp;lt; 10 EUR","&amp;gt; a quote"]
# Consequence: A transcript shows "Fish &amp; chips &lt; 10 EUR".
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error slack-markdown@0.3.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import slackMarkdown from 'slack-markdown';

const seen = ['Fish &amp; chips &lt; 10 EUR', '&gt; a quote'].map((text) => slackMarkdown.toHTML(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Fish &amp;amp; chips &amp;lt; 10 EUR', '&amp;gt; a quote'],
  'slack-markdown behaves differently now',
);
EOF
node probe.mjs
