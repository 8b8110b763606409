#!/usr/bin/env bash
# Package:     chat 4.41.1 (Chat SDK)
# Expected:    `toAiMessages()` sends a PDF that a user attached, and a picture that was sent as a document, to the
#              model; or it says that it does not, as it does for a voice message.
# Actual:      Both are skipped without a word. A message that is nothing else is skipped as a whole. CSV, JSON and
#              pictures that were sent as pictures are passed on.
# Output seen: {"csv":["text/csv"],"pdf":"no message","pictureAsDocument":"no message","picture":["image/png"]}
# Consequence: A user sends their ticket, and the model answers as if nothing had come.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chat@4.41.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Message, parseMarkdown, toAiMessages } from 'chat';

const sent = async (type, mimeType) => {
  const message = new Message({
    id: '1',
    threadId: 'thread',
    text: '',
    formatted: parseMarkdown(''),
    raw: {},
    author: { userId: '1', userName: 'ann', fullName: 'Ann', isBot: false, isMe: false },
    metadata: { dateSent: new Date(0), edited: false },
    attachments: [{ type, mimeType, name: 'ticket', fetchData: async () => Buffer.from('data') }],
    links: [],
  });
  const [first] = await toAiMessages([message]);
  return first === undefined ? 'no message' : first.content.map(({ mediaType }) => mediaType);
};
const seen = {
  csv: await sent('file', 'text/csv'),
  pdf: await sent('file', 'application/pdf'),
  pictureAsDocument: await sent('file', 'image/png'),
  picture: await sent('image', 'image/png'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { csv: ['text/csv'], pdf: 'no message', pictureAsDocument: 'no message', picture: ['image/png'] },
  'chat behaves differently now',
);
EOF
node probe.mjs
