#!/usr/bin/env bash
# Package:     vcf 2.1.2
# Expected:    A note of a contact is read without the escapes of the format, and one with a line break is the same
#              after it was written and read.
# Actual:      Commas and line breaks are read with their backslashes; a line break that is written is gone when it is
#              read. A card with LF line ends is refused.
# Output seen: {"escaped":"Gate 12\\, Rome\\nRoom 5","again":"Gate 12Room 5","lineFeeds":"Unsupported version \"ARD\""}
# Consequence: An address of a shared contact has backslashes, and two lines of it are one word.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error vcf@2.1.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import vCard from 'vcf';

const lines = ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Ann', 'NOTE:Gate 12\\, Rome\\nRoom 5', 'END:VCARD', ''];
const note = (card) => card.get('note').valueOf();
const written = new vCard();
written.set('fn', 'Ann');
written.set('note', 'Gate 12\nRoom 5');
const read = (text) => {
  try {
    return note(new vCard().parse(text));
  } catch (error) {
    return error.message;
  }
};
const seen = {
  escaped: read(lines.join('\r\n')),
  again: note(vCard.parse(written.toString('3.0'))[0]),
  lineFeeds: read(lines.join('\n')),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { escaped: 'Gate 12\\, Rome\\nRoom 5', again: 'Gate 12Room 5', lineFeeds: 'Unsupported version "ARD"' },
  'vcf behaves differently now',
);
EOF
node probe.mjs
