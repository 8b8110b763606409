#!/usr/bin/env bash
# Package:     ts-ics 2.4.6
# Expected:    A name with a colon or a semicolon stands in quotes in the file, and is read back as it was.
# Actual:      It is written as it is. Read back, the part after the colon is in the address, and the part after the
#              semicolon is gone. A name with a comma, which needs quotes as well, has none.
# Output seen: {"colon":["Travel desk"," Rome:desk@example.com"],"semicolon":["Doe","desk@example.com"],"comma":"ATTENDEE;CN=Doe, John:MAILTO:desk@example.com"}
# Consequence: The invitation for a trip goes to an address that does not exist.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error ts-ics@2.4.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertIcsCalendar, generateIcsCalendar } from 'ts-ics';

const at = (time) => ({ date: new Date(`2026-12-24T${time}:00Z`) });
const write = (name) => {
  const attendees = [{ name, email: 'desk@example.com' }];
  const event = { uid: '1', stamp: at('07:00'), start: at('08:00'), end: at('09:00'), summary: 'Trip', attendees };
  return generateIcsCalendar({ version: '2.0', prodId: '-//example//EN', events: [event] });
};
const again = (name) => {
  const [{ name: read, email }] = convertIcsCalendar(undefined, write(name)).events[0].attendees;
  return [read, email];
};
const seen = {
  colon: again('Travel desk: Rome'),
  semicolon: again('Doe; John'),
  comma: write('Doe, John').match(/ATTENDEE.*/)[0],
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    colon: ['Travel desk', ' Rome:desk@example.com'],
    semicolon: ['Doe', 'desk@example.com'],
    comma: 'ATTENDEE;CN=Doe, John:MAILTO:desk@example.com',
  },
  'ts-ics behaves differently now',
);
EOF
node probe.mjs
