#!/usr/bin/env bash
# Package:     @arizeai/openinference-genai 0.3.10
# Expected:    The conversation of a span (`gen_ai.conversation.id`) becomes `session.id`, by which OpenInference
#              groups spans; pictures become images, and reasoning tokens a count.
# Actual:      The conversation and the reasoning tokens are left out. A picture is a part with the type "uri" and a
#              JSON text.
# Output seen: {"session":[],"type":"uri","tokens":["completion","prompt","total"]}
# Consequence: Turns of one chat stand apart in the trace view, and it shows JSON in the place of a picture.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps @arizeai/openinference-genai@0.3.10 @arizeai/openinference-semantic-conventions@2.12.0 @opentelemetry/api@1.10.0 @opentelemetry/semantic-conventions@1.45.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { convertGenAISpanAttributesToOpenInferenceSpanAttributes } from '@arizeai/openinference-genai';

const picture = { type: 'uri', modality: 'image', mime_type: 'image/png', uri: 'https://example.com/map.png' };
const converted = convertGenAISpanAttributesToOpenInferenceSpanAttributes({
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'm1',
  'gen_ai.conversation.id': 'c1',
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 5,
  'gen_ai.usage.reasoning.output_tokens': 3,
  'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Where?' }, picture] }]),
});
const names = Object.keys(converted);
const part = names.find((name) => name.endsWith('contents.1.message_content.type'));
const count = 'llm.token_count.';
const seen = {
  session: names.filter((name) => converted[name] === 'c1'),
  type: converted[part],
  tokens: names.filter((name) => name.startsWith(count)).map((name) => name.slice(count.length)).sort(),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { session: [], type: 'uri', tokens: ['completion', 'prompt', 'total'] },
  '@arizeai/openinference-genai behaves differently now',
);
EOF
node probe.mjs
