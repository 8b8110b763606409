#!/usr/bin/env bash
# Package:     zod 4.6.6, z.fromJSONSchema
# Expected:    `properties` and `required` apply to objects whether `type` is there or not, as JSON Schema says. A
#              `const` or `enum` with an object in it accepts an equal object. What is not supported throws.
# Actual:      Without `type` everything is accepted, so is a wrong or empty argument. An object never equals its `const`.
# Output seen: {"required":"accepted","wrongType":"accepted","constObject":"refused"}
# Consequence: Tool schemas from other servers, which often leave out `type`, validate nothing.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { z } from 'zod';

const untyped = { properties: { city: { type: 'string' } }, required: ['city'] };
const check = (schema, value) =>
  z.fromJSONSchema(schema).safeParse(value).success ? 'accepted' : 'refused';
const seen = {
  required: check(untyped, {}),
  wrongType: check(untyped, { city: 5 }),
  constObject: check({ const: { mode: 'fast' } }, { mode: 'fast' }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { required: 'accepted', wrongType: 'accepted', constObject: 'refused' },
  'zod behaves differently now',
);
EOF
node probe.mjs
