#!/usr/bin/env bash
# Package:     promptl-ai 0.12.0
# Expected:    A value is put into a prompt as it is; the indentation of the prompt itself is taken away.
# Actual:      The indentation of the prompt is taken away from the lines of the value, too. With four spaces in the
#              prompt, code of Python loses its first level.
# Output seen: {"indented":"Explain:\n\ndef fare(seats):\nif seats > 8:\n    return 90\nreturn 100","flush":true,"yaml":"Plan:\ndays:\n- Rome\n- Oslo"}
# Consequence: The model reads code that is wrong, and lists whose levels are gone, because a prompt was indented.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error promptl-ai@0.12.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { render } from 'promptl-ai';

const textOf = async (prompt, parameters) => {
  const { messages } = await render({ prompt, parameters });
  return messages[0].content[0].text;
};
const code = 'def fare(seats):\n    if seats > 8:\n        return 90\n    return 100';
const seen = {
  indented: await textOf('<user>\n    Explain:\n\n    {{ code }}\n</user>', { code }),
  flush: (await textOf('<user>\nExplain:\n\n{{ code }}\n</user>', { code })) === `Explain:\n\n${code}`,
  yaml: await textOf('<user>\n  Plan:\n  {{ plan }}\n</user>', { plan: 'days:\n  - Rome\n  - Oslo' }),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    indented: 'Explain:\n\ndef fare(seats):\nif seats > 8:\n    return 90\nreturn 100',
    flush: true,
    yaml: 'Plan:\ndays:\n- Rome\n- Oslo',
  },
  'promptl-ai behaves differently now',
);
EOF
node probe.mjs
