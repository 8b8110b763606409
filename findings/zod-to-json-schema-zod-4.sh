#!/usr/bin/env bash
# Package:     zod-to-json-schema 3.25.1, zod 4.6.6
# Expected:    A schema of zod 4, which the package names as a peer, is converted, or refused.
# Actual:      The result is a schema without properties, and without an error.
# Output seen: {"$schema":"http://json-schema.org/draft-07/schema#"}
# Consequence: The model is offered a tool without arguments, and calls it with none.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error zod-to-json-schema@3.25.1 zod@4.6.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { z } from 'zod';
import { zodToJsonSchema } from 'zod-to-json-schema';

const seen = zodToJsonSchema(z.object({ city: z.string(), nights: z.number().int() }));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { $schema: 'http://json-schema.org/draft-07/schema#' },
  'zod-to-json-schema behaves differently now',
);
EOF
node probe.mjs
