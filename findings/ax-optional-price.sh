#!/usr/bin/env bash
# Package:     @ax-llm/ax 24.0.21
# Expected:    A value of an optional field that cannot be read is sent back to the model, as one of a required field
#              is.
# Actual:      The field is dropped, without an error and without a second request.
# Output seen: {"required":"refused","optional":{"answer":"Rome"}}, for "Price: 1,200.50"
# Consequence: An offer has no price, although the model said one: 1,200.50 and "120 EUR" are gone.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error @ax-llm/ax@24.0.21 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { ax, AxMockAIService } from '@ax-llm/ax';

const tokens = { promptTokens: 1, completionTokens: 1, totalTokens: 2 };
const resultOf = async (signature) => {
  let requests = 0;
  const model = new AxMockAIService({
    features: { functions: false, streaming: false },
    chatResponse: async () => {
      requests += 1;
      return {
        results: [{ index: 0, content: 'Answer: Rome\nPrice: 1,200.50', finishReason: 'stop' }],
        modelUsage: { ai: 'mock', model: 'mock', tokens },
      };
    },
  });
  try {
    const result = await ax(signature).forward(model, { question: 'Which hotel?' }, { maxRetries: 1 });
    assert.equal(requests, 1);
    return result;
  } catch {
    return 'refused';
  }
};
const seen = {
  required: await resultOf('question:string -> answer:string, price:number'),
  optional: await resultOf('question:string -> answer:string, price?:number'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { required: 'refused', optional: { answer: 'Rome' } },
  '@ax-llm/ax behaves differently now',
);
EOF
node probe.mjs
