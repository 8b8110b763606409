#!/usr/bin/env bash
# Package:     minijinja-js 2.11.0
# Expected:    A loop over the arguments of a tool has their order, as in Jinja, and `tojson` in a chat template leaves
#              "it's" as it is.
# Actual:      The keys are sorted, and `tojson` escapes apostrophes, "<" and "&".
# Output seen: {"items":"from=Oslo to=Rome ","json":"\"it\\u0027s \\u003c 100\""}
# Consequence: The properties of each tool stand in another order than in the schema, and the model reads "it\u0027s".
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error minijinja-js@2.11.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { Environment } from 'minijinja-js';

const environment = new Environment();
environment.enablePyCompat();
const render = (template, values) => environment.renderStr(template, values);
const seen = {
  items: render('{% for key, value in input.items() %}{{ key }}={{ value }} {% endfor %}', {
    input: { to: 'Rome', from: 'Oslo' },
  }),
  json: render('{{ text | tojson }}', { text: "it's < 100" }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { items: 'from=Oslo to=Rome ', json: '"it\\u0027s \\u003c 100"' },
  'minijinja-js behaves differently now',
);
EOF
node probe.mjs
