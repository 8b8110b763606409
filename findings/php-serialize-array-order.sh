#!/usr/bin/env bash
# Package:     php-serialize 5.1.3
# Expected:    A PHP array keeps the order of its elements, whatever their keys are.
# Actual:      unserialize() makes an object of it, and an object lists integer keys from low to high.
# Output seen: ["oldest","middle","newest"]
# Consequence: PHP wrote the newest message first (array_reverse with kept keys). The reader returns the
#              conversation in another order than the application stored. No option returns pairs.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error php-serialize@5.1.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { unserialize } from 'php-serialize';

// The output of PHP for: serialize([9 => 'newest', 8 => 'middle', 7 => 'oldest'])
const session = 'a:3:{i:9;s:6:"newest";i:8;s:6:"middle";i:7;s:6:"oldest";}';
const seen = Object.values(unserialize(session));
console.log(JSON.stringify(seen));
assert.deepEqual(seen, ['oldest', 'middle', 'newest'], 'php-serialize behaves differently now');
EOF
node probe.mjs
