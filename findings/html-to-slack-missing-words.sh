#!/usr/bin/env bash
# Package:     html-to-slack 0.3.7
# Expected:    The words of a page are in the blocks for Slack, in some form.
# Actual:      Words in a div, in a table, in a superscript, or in bold within a link are missing.
# Output seen: {"div":"","table":"","power":"10 euros","link":" "}
# Consequence: An e-mail, whose lines are divs, is an empty message; 10² is 10.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error html-to-slack@0.3.7 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import htmlToSlack from 'html-to-slack';

const words = (value) =>
  Array.isArray(value)
    ? value.map(words).join('')
    : typeof value === 'object' && value !== null
      ? (typeof value.text === 'string' ? value.text : words(value.text)) + words(value.elements)
      : '';
const shown = (html) => words((htmlToSlack.default ?? htmlToSlack)(html)).replaceAll('\n', '');
const seen = {
  div: shown('<div>Dear Ann,</div><div>we fly at 8.</div>'),
  table: shown('<table><tr><td>LH 1</td><td>120 EUR</td></tr></table>'),
  power: shown('<p>10<sup>2</sup> euros</p>'),
  link: shown('<p><a href="https://example.com"><b>Book</b> now</a></p>'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { div: '', table: '', power: '10 euros', link: ' ' },
  'html-to-slack behaves differently now',
);
EOF
node probe.mjs
