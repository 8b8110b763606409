#!/usr/bin/env bash
# Package:     mbox-parser 1.0.1, node-mbox 2.0.0
# Expected:    A line of a letter that begins with "From", which an mbox file stores as ">From", is read as it was
#              written.
# Actual:      The sign of the file stays in the text.
# Output seen: {"mboxParser":"Hello\n>From Rome we go on.","nodeMbox":"Hello\n>From Rome we go on."}
# Consequence: The line is taken as a quotation of an earlier letter, and is cut off with the others.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error mbox-parser@1.0.1 node-mbox@2.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import mboxParser from 'mbox-parser';
import { MboxStream } from 'node-mbox';

const file = [
  'From ann@example.com Sat Nov 28 10:00:00 2026',
  'From: Ann <ann@example.com>',
  'Subject: Trip',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Hello',
  '>From Rome we go on.',
  '',
].join('\n');
const stream = () => Readable.from([Buffer.from(file)]);
const [parsed] = await mboxParser.mboxParser(stream());
const raw = await new Promise((resolve, reject) => {
  MboxStream(stream())
    .on('data', (letter) => resolve(letter.toString()))
    .on('error', reject);
});
const seen = { mboxParser: parsed.text.trim(), nodeMbox: raw.slice(raw.indexOf('Hello')).trim() };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { mboxParser: 'Hello\n>From Rome we go on.', nodeMbox: 'Hello\n>From Rome we go on.' },
  'these packages behave differently now',
);
process.exit(0);
EOF
node probe.mjs
