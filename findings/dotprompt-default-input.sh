#!/usr/bin/env bash
# Package:     dotprompt 1.1.2
# Expected:    The default of an input, which is part of a prompt's front matter, is used where no value is given.
# Actual:      render() puts nothing at its place, while renderMetadata() knows the default. With the same metadata as
#              options it is used.
# Output seen: {"metadata":{"city":"Rome"},"front":"Offer trips from .","options":"Offer trips from Rome."}
# Consequence: A prompt "Offer trips from {{city}}" is sent as "Offer trips from ", without an error.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error dotprompt@1.1.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Dotprompt } from 'dotprompt';

const dotprompt = new Dotprompt();
const source = `---
model: example
input:
  schema:
    city?: string
  default:
    city: Rome
---
Offer trips from {{city}}.`;
const front = await dotprompt.render(source, { input: {} });
const options = await dotprompt.render(source, { input: {} }, { input: { default: { city: 'Rome' } } });
const seen = {
  metadata: (await dotprompt.renderMetadata(source)).input.default,
  front: front.messages[0].content[0].text,
  options: options.messages[0].content[0].text,
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { metadata: { city: 'Rome' }, front: 'Offer trips from .', options: 'Offer trips from Rome.' },
  'dotprompt behaves differently now',
);
EOF
node probe.mjs
