#!/usr/bin/env bash
# Package:     @huggingface/jinja 0.5.11
# Expected:    A chat template prints values as Jinja in Python does: True, None, ['Rome'], and the text "5" is not
#              equal to the number 5.
# Actual:      They are printed as JSON, nothing is printed for none, "5" equals 5, and an emoji has the length 2. The
#              filter `capitalize` leaves capitals as they are.
# Output seen: ["true","[\"Rome\"]","[]","true","2","USER"]
# Consequence: A prompt that is rendered in JavaScript is not the one that the model was trained with and the server
#              renders: its tokens, and the cache of its prefix, are others.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @huggingface/jinja@0.5.11 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Template } from '@huggingface/jinja';

const values = { list: ['Rome'], text: '5', sign: '😀', role: 'USER' };
const seen = [
  '{{ true }}',
  '{{ list }}',
  '[{{ none }}]',
  '{{ text == 5 }}',
  '{{ sign | length }}',
  '{{ role | capitalize }}',
].map((template) => new Template(template).render(values));
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  ['true', '["Rome"]', '[]', 'true', '2', 'USER'],
  '@huggingface/jinja behaves differently now',
);
EOF
node probe.mjs
