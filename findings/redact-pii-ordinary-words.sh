#!/usr/bin/env bash
# Package:     redact-pii 3.4.0
# Expected:    Names, addresses and numbers of persons are replaced; a date, a version and a form of address stay.
# Actual:      The year of an ISO date is "DIGITS", a version with four parts is an IP address, and "Sir" is a person.
# Output seen: ["Back on DIGITS-12-24.","It runs version IP_ADDRESS.","Dear PERSON_NAME, hello."]
# Consequence: A redacted history cannot be used to plan or to support: each date has lost its year, for ever if
#              only the redacted text is stored.
# Seen:        2026-11-28, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error redact-pii@3.4.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const { SyncRedactor } = createRequire(import.meta.url)('redact-pii');
const redactor = new SyncRedactor();
const said = ['Back on 2026-12-24.', 'It runs version 1.2.3.4.', 'Dear Sir, hello.'];
const seen = said.map((text) => redactor.redact(text));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['Back on DIGITS-12-24.', 'It runs version IP_ADDRESS.', 'Dear PERSON_NAME, hello.'],
  'redact-pii behaves differently now',
);
EOF
node probe.mjs
