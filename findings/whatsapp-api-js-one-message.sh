#!/usr/bin/env bash
# Package:     whatsapp-api-js 6.3.0
# Expected:    The handler of messages is called for each message of a webhook, which may hold several.
# Actual:      Only the first message of the first change of the first entry is handled. The others are skipped, without
#              an error, and the webhook is answered as if all went well.
# Output seen: ["wamid.1"], of three messages
# Consequence: After a pause of the server WhatsApp sends messages together: all but one are lost, and are not sent
#              again.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error whatsapp-api-js@6.3.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { WhatsAppAPI } from 'whatsapp-api-js';

const client = new WhatsAppAPI({ token: 'token', webhookVerifyToken: 'verify', v: 'v24.0', secure: false });
const seen = [];
client.on.message = ({ message }) => void seen.push(message.id);
const change = (...ids) => ({
  field: 'messages',
  value: {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550001111', phone_number_id: '101111' },
    contacts: [{ profile: { name: 'Ann' }, wa_id: '491701234567' }],
    messages: ids.map((id) => ({
      from: '491701234567',
      id,
      timestamp: '1796000000',
      type: 'text',
      text: { body: 'Hi' },
    })),
  },
});
await client.post({
  object: 'whatsapp_business_account',
  entry: [{ id: '1', changes: [change('wamid.1', 'wamid.2'), change('wamid.3')] }],
});
await new Promise((resolve) => setTimeout(resolve, 100));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['wamid.1'], 'whatsapp-api-js behaves differently now');
EOF
node_modules/.bin/node probe.mjs
