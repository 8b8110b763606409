#!/usr/bin/env bash
# Package:     @openai/agents 0.20.0
# Expected:    An agent without MCP works when optional dependencies are not installed (npm ci --omit=optional).
# Actual:      The import fails: @openai/agents-core imports its optional dependency @modelcontextprotocol/client at once.
# Output seen: ERR_MODULE_NOT_FOUND @modelcontextprotocol/client
# Consequence: A service that installs without optional dependencies, as small images do, does not start.
# Seen:        2026-11-28, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --omit=optional --no-audit --no-fund --loglevel=error @openai/agents@0.20.0 zod@4.6.7 node@24.21.0 >/dev/null
cat >probe.mjs <<'JS'
import assert from 'node:assert/strict';

const error = await import('@openai/agents').catch((thrown) => thrown);
const named = /package '([^']+)'/.exec(String(error.message))?.[1];
console.log(error.code, named);
assert.equal(error.code, 'ERR_MODULE_NOT_FOUND', '@openai/agents behaves differently now');
assert.equal(named, '@modelcontextprotocol/client', '@openai/agents behaves differently now');
JS
node_modules/.bin/node probe.mjs
