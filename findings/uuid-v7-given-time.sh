#!/usr/bin/env bash
# Package:     uuid 14.0.3
# Expected:    The ids of v7() are in order of creation within one process. With `msecs` given, ids of one
#              millisecond still keep the order of the calls.
# Actual:      Any option switches the counter off: ids of one millisecond get random order.
# Output seen: {"withoutOptions":true,"withMsecs":false}
# Consequence: Messages imported with their original time, two in a millisecond, swap places when they are
#              listed by id. Pass `seq` to keep the order.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error uuid@14.0.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { v7 } from 'uuid';

const inOrder = (ids) => ids.join() === ids.toSorted().join();
const make = (options) => Array.from({ length: 50 }, () => v7(options));
const seen = {
  withoutOptions: inOrder(make()),
  withMsecs: inOrder(make({ msecs: Date.UTC(2026, 10, 28) })),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { withoutOptions: true, withMsecs: false },
  'uuid behaves differently now',
);
EOF
node probe.mjs
