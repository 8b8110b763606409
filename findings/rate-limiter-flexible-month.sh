#!/usr/bin/env bash
# Package:     rate-limiter-flexible 11.4.0, RateLimiterMemory
# Expected:    `duration` is in seconds without a stated maximum: one point for 30 days is spent for 30 days.
# Actual:      The reset is one timer. Above 24.8 days its delay overflows, and Node.js makes it one millisecond.
# Output seen: {"24 days":"refused","30 days":"allowed"}
# Consequence: A monthly quota never refuses anything. Node.js prints a warning that does not name the limiter.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error rate-limiter-flexible@11.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const DAY = 24 * 60 * 60;
const seen = {};
for (const days of [24, 30]) {
  const quota = new RateLimiterMemory({ points: 1, duration: days * DAY });
  await quota.consume('user');
  await sleep(50);
  seen[`${days} days`] = await quota.consume('user').then(
    () => 'allowed',
    () => 'refused',
  );
}
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { '24 days': 'refused', '30 days': 'allowed' },
  'rate-limiter-flexible behaves differently now',
);
process.exit();
EOF
node probe.mjs
