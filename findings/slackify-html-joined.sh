#!/usr/bin/env bash
# Package:     slackify-html 1.0.1
# Expected:    Paragraphs, line breaks and items of a list are apart in the text for Slack.
# Actual:      They have nothing between them, and the signs of code are dropped.
# Output seen: {"paragraphs":"Flight LH 120 EUR","breaks":"Room 12 adults","list":"RomeOslo","code":"npm test"}
# Consequence: Flight LH 1 for 20 EUR becomes flight LH 120, and room 1 becomes room 12.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error slackify-html@1.0.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import slackify from 'slackify-html';

const seen = {
  paragraphs: slackify('<html><body><p>Flight LH 1</p><p>20 EUR</p></body></html>'),
  breaks: slackify('<p>Room 1<br>2 adults</p>'),
  list: slackify('<ul><li>Rome</li><li>Oslo</li></ul>'),
  code: slackify('<p><code>npm test</code></p>'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { paragraphs: 'Flight LH 120 EUR', breaks: 'Room 12 adults', list: 'RomeOslo', code: 'npm test' },
  'slackify-html behaves differently now',
);
EOF
node probe.mjs
