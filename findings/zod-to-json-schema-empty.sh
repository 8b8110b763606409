#!/usr/bin/env bash
# Package:     zod-to-json-schema 3.25.2 (its peer range names zod 4), zod 4.6.6
# Expected:    The JSON Schema of the object, or an error for a zod version that cannot be read.
# Actual:      A schema made with zod 4 gives an empty JSON Schema, without an error or a warning.
# Output seen: {"keys":["$schema"],"native":["$schema","type","properties","required","additionalProperties"]}
# Consequence: A tool is offered to the model without parameters. The model calls it without arguments, or makes
#              them up. z.toJSONSchema() is the replacement.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error zod-to-json-schema@3.25.2 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { z } from 'zod';
import { zodToJsonSchema } from 'zod-to-json-schema';

const input = z.object({ city: z.string() });
const seen = { keys: Object.keys(zodToJsonSchema(input)), native: Object.keys(z.toJSONSchema(input)) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { keys: ['$schema'], native: ['$schema', 'type', 'properties', 'required', 'additionalProperties'] },
  'zod-to-json-schema behaves differently now',
);
EOF
node probe.mjs
