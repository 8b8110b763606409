#!/usr/bin/env bash
# Package:     html-to-text 10.0.1
# Expected:    The cells of a table are apart in the text, by a space, a tab or a line.
# Actual:      The cells and the rows follow each other with nothing between, unless the option `selectors` names `table`
#              as `dataTable`. Headings of a table run together, too.
# Output seen: ["FlightPriceLH 1120LH 290","Seat 1Row 12"]
# Consequence: An e-mail that offers flight LH 1 for 120 euros names flight LH 1120 once it is imported.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error html-to-text@10.0.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convert } from 'html-to-text';

const row = (...cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const seen = [
  `<table>${row('Flight', 'Price')}${row('LH 1', '120')}${row('LH 2', '90')}</table>`,
  `<table>${row('Seat 1', 'Row 12')}</table>`,
].map((html) => convert(html));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['FlightPriceLH 1120LH 290', 'Seat 1Row 12'], 'html-to-text behaves differently now');
EOF
node probe.mjs
