#!/usr/bin/env bash
# Package:     @kapso/whatsapp-cloud-api 0.3.0
# Expected:    normalizeWebhook() marks each message that a user sends as "inbound".
# Actual:      A message that quotes an earlier message of the same user is "outbound": the number of the quoted
#              message's author is taken as a number of the business.
# Output seen: {"wamid.1":"inbound","wamid.2":"outbound","wamid.3":"inbound"}
# Consequence: The user's words are taken as the bot's own, and get no answer.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @kapso/whatsapp-cloud-api@0.3.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { normalizeWebhook } from '@kapso/whatsapp-cloud-api/server';

const user = '491701234567';
const business = '15550001111';
const message = (id, body, context) => ({
  from: user,
  id,
  timestamp: '1796000000',
  type: 'text',
  text: { body },
  ...(context && { context }),
});
const value = {
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: business, phone_number_id: '101111' },
  contacts: [{ profile: { name: 'Ann' }, wa_id: user }],
  messages: [
    message('wamid.1', 'A hotel in Rome'),
    message('wamid.2', 'Did you see this?', { from: user, id: 'wamid.1' }),
    message('wamid.3', 'Yes, this one', { from: business, id: 'wamid.0' }),
  ],
};
const { messages } = normalizeWebhook({
  object: 'whatsapp_business_account',
  entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
});
const seen = Object.fromEntries(messages.map(({ id, kapso }) => [id, kapso.direction]));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { 'wamid.1': 'inbound', 'wamid.2': 'outbound', 'wamid.3': 'inbound' },
  '@kapso/whatsapp-cloud-api behaves differently now',
);
EOF
node probe.mjs
