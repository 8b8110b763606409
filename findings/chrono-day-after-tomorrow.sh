#!/usr/bin/env bash
# Package:     chrono-node 2.10.3
# Expected:    "The day after tomorrow" is in two days, in each language of the package, or it is not understood.
# Actual:      In Spanish, Portuguese and French the word for "tomorrow" inside the phrase is taken alone. English
#              needs "the": "day after tomorrow" is tomorrow. The day is marked as certain.
# Output seen: {"the day after tomorrow":2,"day after tomorrow":1,"pasado mañana":1,"depois de amanhã":1,
#              "après-demain":1,"übermorgen":2,"dopodomani":2}
# Consequence: A trip or a reminder is one day early, and nothing says that the text was understood in part.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error chrono-node@2.10.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { de, en, es, fr, it, pt } from 'chrono-node';

const today = new Date(2026, 10, 25, 12);
const phrases = [
  [en, 'the day after tomorrow'],
  [en, 'day after tomorrow'],
  [es, 'pasado mañana'],
  [pt, 'depois de amanhã'],
  [fr, 'après-demain'],
  [de, 'übermorgen'],
  [it, 'dopodomani'],
];
const seen = {};
for (const [language, phrase] of phrases) {
  const { start } = language.parse(phrase, today)[0];
  assert.ok(start.isCertain('day'), `The day of "${phrase}" is not certain any more`);
  seen[phrase] = start.get('day') - 25;
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    'the day after tomorrow': 2,
    'day after tomorrow': 1,
    'pasado mañana': 1,
    'depois de amanhã': 1,
    'après-demain': 1,
    übermorgen: 2,
    dopodomani: 2,
  },
  'chrono-node behaves differently now',
);
EOF
node probe.mjs
