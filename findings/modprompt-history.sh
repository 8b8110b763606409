#!/usr/bin/env bash
# Package:     modprompt 0.3.6
# Expected:    prompt() puts the question after the history, as it was asked, and begins it as the first one, with "[INST]"
#              for Llama.
# Actual:      The question takes the place of the first "{prompt}", also of one in an earlier message, and "$$" in it is
#              "$". Llama's template begins the second question without "[INST]".
# Output seen: {"placeholder":"### Human: What is And its name? in a template?\n### Assistant:Yes.\n\n### Human: {prompt}\n### Assistant:","dollars":"### Human: A shell?\n### Assistant:Yes.\n\n### Human: What is $ in it?\n### Assistant:","llama":"\n\nTo Rome? [/INST] Yes.\n\nAnd to Oslo? [/INST] "}
# Consequence: The model is asked "{prompt}", or takes the user's second question for its own words.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error modprompt@0.3.6 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { PromptTemplate } from 'modprompt';

const render = (name, user, prompt) => {
  const template = new PromptTemplate(name);
  template.pushToHistory({ user, assistant: 'Yes.' });
  return template.prompt(prompt);
};
const seen = {
  placeholder: render('guanaco', 'What is {prompt} in a template?', 'And its name?'),
  dollars: render('guanaco', 'A shell?', 'What is $$ in it?'),
  llama: render('llama', 'To Rome?', 'And to Oslo?').split('<</SYS>>')[1],
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    placeholder: '### Human: What is And its name? in a template?\n### Assistant:Yes.\n\n### Human: {prompt}\n### Assistant:',
    dollars: '### Human: A shell?\n### Assistant:Yes.\n\n### Human: What is $ in it?\n### Assistant:',
    llama: '\n\nTo Rome? [/INST] Yes.\n\nAnd to Oslo? [/INST] ',
  },
  'modprompt behaves differently now',
);
EOF
node probe.mjs
