#!/usr/bin/env bash
# Package:     eml-format 0.6.1
# Expected:    A letter without a Content-Type is plain text, as RFC 5322 has it. Each encoded word of a subject, and
#              each text part of a letter, is read.
# Actual:      Without a Content-Type there is no text, but an attachment without a name. A second encoded word of the
#              subject, and a text part after a file, are not read as text; the space of the first word is an
#              underscore.
# Output seen: {"plain":[null,1],"subject":"Zürich_trip","mixed":["See the file.",2]}
# Consequence: Letters of simple programs have no text, and a reply below a file is not shown.
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

const read = (lines) =>
  new Promise((resolve, reject) => {
    eml.read(lines.join('\r\n'), (error, letter) => (error ? reject(error) : resolve(letter)));
  });
const head = ['From: Ann <ann@example.com>', 'To: Bob <bob@example.com>', 'MIME-Version: 1.0'];
const plain = await read(['From: Ann <ann@example.com>', 'Subject: Trip', '', 'We fly at 8.']);
const encoded = await read([...head, 'Subject: =?utf-8?Q?Z=C3=BCrich_trip?= =?utf-8?B?LCBub3c=?=', 'Content-Type: text/plain', '', 'Hi']);
const mixed = await read([
  ...head,
  'Subject: File',
  'Content-Type: multipart/mixed; boundary="part"',
  '',
  '--part',
  'Content-Type: text/plain',
  '',
  'See the file.',
  '--part',
  'Content-Type: text/csv; name="fares.csv"',
  'Content-Disposition: attachment; filename="fares.csv"',
  '',
  'LH 1,120',
  '--part',
  'Content-Type: text/plain',
  '',
  'Please answer today.',
  '--part--',
  '',
]);
const seen = {
  plain: [plain.text ?? null, plain.attachments?.length ?? 0],
  subject: encoded.subject,
  mixed: [mixed.text?.trim(), mixed.attachments?.length ?? 0],
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { plain: [null, 1], subject: 'Zürich_trip', mixed: ['See the file.', 2] },
  'eml-format behaves differently now',
);
EOF
node probe.mjs
