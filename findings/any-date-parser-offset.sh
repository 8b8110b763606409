#!/usr/bin/env bash
# Package:     any-date-parser 2.2.4
# Expected:    An offset is applied in every form that is accepted.
# Actual:      It is applied in ISO dates and in the dates of Twitter. In the date of an e-mail and in that of
#              JavaScript's `Date.toString()` it is skipped: their clock time is taken as UTC.
# Output seen: ["20:30Z","20:30Z","22:30Z","22:30Z"]
# Consequence: Imported messages are hours off, and in another order than their neighbours with ISO dates.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error any-date-parser@2.2.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import parser from 'any-date-parser';

const forms = [
  '2027-03-16T22:30:00+02:00',
  'Tue Mar 16 22:30:00 +0200 2027',
  'Tue, 16 Mar 2027 22:30:00 +0200',
  'Tue Mar 16 2027 22:30:00 GMT+0200 (Eastern European Standard Time)',
];
const seen = forms.map((form) => `${parser.fromString(form).toISOString().slice(11, 16)}Z`);
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['20:30Z', '20:30Z', '22:30Z', '22:30Z'], 'any-date-parser behaves differently now');
EOF
node probe.mjs
