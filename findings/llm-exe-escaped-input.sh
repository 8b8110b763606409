#!/usr/bin/env bash
# Package:     llm-exe 3.0.4
# Expected:    A value in a prompt is the text that was given, as in a prompt there is no HTML.
# Actual:      Apostrophes, quotes, "<" and "&" become entities of HTML, in chat prompts and text prompts. The history
#              of the same prompt has them as they are.
# Output seen: {"chat":["Answer O&#x27;Neil.","It&#x27;s &lt; 100 &amp; more"],"text":"It&#x27;s &lt; 100 &amp; more","history":"User: It's < 100 & more"}
# Consequence: The model reads "it&#x27;s &lt; 100", repeats it to the user, and does not find the words of its own
#              history.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error llm-exe@3.0.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { createChatPrompt, createPrompt } from 'llm-exe';

const text = "It's < 100 & more";
const chat = createChatPrompt('Answer {{name}}.');
chat.addUserMessage('{{text}}');
const history = createChatPrompt("{{>DialogueHistory key='turns'}}");
const seen = {
  chat: chat.format({ name: "O'Neil", text }).map((message) => message.content),
  text: createPrompt('text', '{{text}}').format({ text }),
  history: history.format({ turns: [{ role: 'user', content: text }] })[0].content.trim(),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    chat: ['Answer O&#x27;Neil.', 'It&#x27;s &lt; 100 &amp; more'],
    text: 'It&#x27;s &lt; 100 &amp; more',
    history: "User: It's < 100 & more",
  },
  'llm-exe behaves differently now',
);
EOF
node probe.mjs
