#!/usr/bin/env bash
# Package:     opossum 9.0.0
# Expected:    `cache: true` keeps one result for each set of arguments.
# Actual:      The key is the JSON text of the arguments. Two Maps, Sets or Headers are "{}", so the second call gets
#              the result of the first.
# Output seen: ["answer for Ann","answer for Ann"]
# Consequence: A model call that takes its headers or a Map of facts answers with another user's text. Pass
#              `cacheGetKey`.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error opossum@9.0.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import CircuitBreaker from 'opossum';

const ask = new CircuitBreaker(async (facts) => `answer for ${facts.get('name')}`, { cache: true });
const seen = [
  await ask.fire(new Map([['name', 'Ann']])),
  await ask.fire(new Map([['name', 'Bob']])),
];
ask.shutdown();
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['answer for Ann', 'answer for Ann'],
  'opossum behaves differently now',
);
EOF
node probe.mjs
