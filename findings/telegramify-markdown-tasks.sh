#!/usr/bin/env bash
# Package:     telegramify-markdown 1.3.3
# Expected:    Done and open tasks of a list can be told apart in Telegram.
# Actual:      Both have the same bullet, and no mark.
# Output seen: "•   passport\n•   visa\n"
# Consequence: A user who asks what is left to do cannot see it.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error telegramify-markdown@1.3.3 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import telegramify from 'telegramify-markdown';

const seen = telegramify('- [x] passport\n- [ ] visa', 'escape');
console.log(JSON.stringify(seen));
assert.equal(seen, '•   passport\n•   visa\n', 'telegramify-markdown behaves differently now');
EOF
node probe.mjs
