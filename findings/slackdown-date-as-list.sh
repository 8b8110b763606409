#!/usr/bin/env bash
# Package:     @bpinternal/slackdown 0.1.0
# Expected:    A message of Slack becomes Markdown with the same words.
# Actual:      "24. Dezember" becomes "1. Dezember", a list is counted from 1, and the underscores of a name or of code
#              become asterisks.
# Output seen: ["1. Dezember","1. three\n2. four","booking*ref*no","`a*b*c`"]
# Consequence: The model reads another day, and ids that do not exist.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @bpinternal/slackdown@0.1.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { slackToMarkdown } from '@bpinternal/slackdown';

const seen = ['24. Dezember', '3. three\n4. four', 'booking_ref_no', '`a_b_c`'].map((text) => slackToMarkdown(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['1. Dezember', '1. three\n2. four', 'booking*ref*no', '`a*b*c`'],
  '@bpinternal/slackdown behaves differently now',
);
EOF
node probe.mjs
