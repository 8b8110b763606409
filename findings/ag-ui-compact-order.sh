#!/usr/bin/env bash
# Package:     @ag-ui/client 1.0.0
# Expected:    compactEvents(), which makes a stored stream smaller, leaves messages in the order in which they began.
# Actual:      Messages that stream at the same time are put in the order in which they end.
# Output seen: {"sent":["flights","hotels"],"compact":["hotels","flights"]}
# Consequence: In a chat of two agents that is opened again, an answer stands before the one that it followed.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ag-ui/client@1.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { compactEvents, EventType } from '@ag-ui/client';

const start = (messageId) => ({ type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant' });
const say = (messageId, delta) => ({ type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta });
const end = (messageId) => ({ type: EventType.TEXT_MESSAGE_END, messageId });
const events = [
  start('flights'),
  say('flights', 'I look for flights, '),
  start('hotels'),
  say('hotels', 'And I look for hotels near their airport.'),
  end('hotels'),
  say('flights', 'and found one.'),
  end('flights'),
];
const order = (list) => list.filter((event) => event.type === EventType.TEXT_MESSAGE_START).map((event) => event.messageId);
const seen = { sent: order(events), compact: order(compactEvents(events)) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { sent: ['flights', 'hotels'], compact: ['hotels', 'flights'] },
  '@ag-ui/client behaves differently now',
);
EOF
node probe.mjs
