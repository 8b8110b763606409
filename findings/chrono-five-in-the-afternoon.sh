#!/usr/bin/env bash
# Package:     chrono-node 2.10.3
# Expected:    "At 5 in the afternoon" is 17:00 in each language that has the phrase.
# Actual:      English and German do so. Spanish, French, Italian and Russian give 05:00, with the hour as certain.
# Output seen: {"en":17,"de":17,"es":5,"fr":5,"it":5,"ru":5}
# Consequence: An appointment twelve hours early.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import * as chrono from 'chrono-node';

const noon = new Date(2026, 10, 25, 12);
const phrases = {
  en: 'at 5 in the afternoon',
  de: 'um 5 Uhr nachmittags',
  es: 'a las 5 de la tarde',
  fr: 'à 5 heures du soir',
  it: 'alle 5 di sera',
  ru: 'в 5 вечера',
};
const seen = {};
for (const [language, phrase] of Object.entries(phrases)) {
  seen[language] = chrono[language].parse(phrase, noon)[0].start.get('hour');
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { en: 17, de: 17, es: 5, fr: 5, it: 5, ru: 5 },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
