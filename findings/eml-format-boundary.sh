#!/usr/bin/env bash
# Package:     eml-format 0.6.1
# Expected:    The HTML part of a letter ends before the boundary that closes it, and a quoted name with a comma is one
#              address.
# Actual:      The closing boundary is part of the HTML, and the name is two addresses, one of which is no address.
# Output seen: {"html":"<p>Hi</p>\r\n--part--\r\n","to":["bob@example.com","\"Doe","jo@example.com"]}
# Consequence: A stored letter ends with "--part--", and a reply goes to someone who does not exist.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error eml-format@0.6.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import eml from 'eml-format';

const letter = await new Promise((resolve, reject) => {
  const lines = [
    'From: Ann <ann@example.com>',
    'To: Bob <bob@example.com>, "Doe, Jo" <jo@example.com>',
    'Subject: Trip',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hi',
    '--part',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Hi</p>',
    '--part--',
    '',
  ];
  eml.read(lines.join('\r\n'), (error, read) => (error ? reject(error) : resolve(read)));
});
const seen = { html: letter.html, to: letter.to.map(({ email }) => email) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { html: '<p>Hi</p>\r\n--part--\r\n', to: ['bob@example.com', '"Doe', 'jo@example.com'] },
  'eml-format behaves differently now',
);
EOF
node probe.mjs
