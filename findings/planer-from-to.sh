#!/usr/bin/env bash
# Package:     planer 1.2.0
# Expected:    The lines "From: Rome", "To: Oslo" and "Date: 24 December" of a letter stay.
# Actual:      They are taken as the head of a quoted letter, and all from there on is removed.
# Output seen: ["Two flights, please.","Zwei Flüge, bitte."]
# Consequence: A booking request has no places and no day.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error planer@1.2.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import planer from 'planer';

const english = 'Two flights, please.\nFrom: Rome\nTo: Oslo\nDate: 24 December\nA window seat would be nice.\n';
const german = 'Zwei Flüge, bitte.\nVon: Rom\nNach: Oslo\nAm Fenster wäre schön.\n';
const seen = [english, german].map((mail) => planer.extractFrom(mail, 'text/plain'));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['Two flights, please.', 'Zwei Flüge, bitte.'], 'planer behaves differently now');
EOF
node_modules/.bin/node probe.mjs
