#!/usr/bin/env bash
# Package:     @chat-adapter/teams 4.41.0
# Expected:    The Markdown of a message of Teams keeps the items of a list and the cells of a table apart.
# Actual:      There is nothing between them: teamsHtmlToMarkdown() knows paragraphs, and neither lists, tables nor
#              headings.
# Output seen: ["RomeOslo","LH 1120BA 2140","Trip24 December"]
# Consequence: Flight LH 1 for 120 is flight LH 1120 for the model, and two cities are one.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @chat-adapter/teams@4.41.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { teamsHtmlToMarkdown } from '@chat-adapter/teams/format';

const seen = [
  '<ol><li>Rome</li><li>Oslo</li></ol>',
  '<table><tr><td>LH 1</td><td>120</td></tr><tr><td>BA 2</td><td>140</td></tr></table>',
  '<h2>Trip</h2><p>24 December</p>',
].map((html) => teamsHtmlToMarkdown(html));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['RomeOslo', 'LH 1120BA 2140', 'Trip24 December'],
  '@chat-adapter/teams behaves differently now',
);
EOF
node probe.mjs
