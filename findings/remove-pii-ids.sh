#!/usr/bin/env bash
# Package:     @coffeeandfun/remove-pii 3.0.1
# Expected:    Ids of messages and tool calls, and times in milliseconds, are no personal details, and stay.
# Actual:      Parts of them are taken as numbers of a phone or a place.
# Output seen: ["call_[phone removed]","550e8400-e29b-41d4-a[phone removed][zip code removed]","{\"at\":[phone removed]00}"]
# Consequence: In a redacted history the results of tools do not belong to their calls, and arguments are no JSON any
#              more.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @coffeeandfun/remove-pii@3.0.1 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { removePII } from '@coffeeandfun/remove-pii';

const seen = ['call_1234567890', '550e8400-e29b-41d4-a716-446655440000', '{"at":1795910400000}'].map(removePII);
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['call_[phone removed]', '550e8400-e29b-41d4-a[phone removed][zip code removed]', '{"at":[phone removed]00}'],
  '@coffeeandfun/remove-pii behaves differently now',
);
EOF
node probe.mjs
