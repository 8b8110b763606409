#!/usr/bin/env bash
# Package:     @presidio-dev/hai-guardrails 1.12.0
# Expected:    A process that imports the package, and does nothing with it, goes on.
# Actual:      The import starts threads with a file of the machine on which the package was built. They fail a moment
#              later, outside of any promise, and the process ends.
# Output seen: {"said":"imported","status":1,"code":"MODULE_NOT_FOUND"}
# Consequence: A service passes its start and its first health check, and then ends, also if no guard is ever run.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @presidio-dev/hai-guardrails@1.12.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

const code = `
await import('@presidio-dev/hai-guardrails');
console.log('imported');
setTimeout(() => console.log('went on'), 5000);`;
const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
  encoding: 'utf8',
});
const seen = { said: stdout.trim(), status, code: /code: '(\w+)'/.exec(stderr)?.[1] };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { said: 'imported', status: 1, code: 'MODULE_NOT_FOUND' },
  '@presidio-dev/hai-guardrails behaves differently now',
);
EOF
node probe.mjs
