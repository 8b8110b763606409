#!/usr/bin/env bash
# Package:     hyparquet-writer 0.17.0
# Expected:    A column of times in milliseconds is written, as a column of fractions or of small numbers is.
# Actual:      Whole numbers become 32-bit integers without a look at their size, and the file is not written.
# Output seen: {"small":"written","fractions":"written","times":"parquet expected int32 value, got 1795910400000"}
# Consequence: The export of a log with times or large token totals fails, once a number passes 2,147,483,647.
# Seen:        2026-11-29, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error hyparquet-writer@0.17.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { parquetWriteBuffer } from 'hyparquet-writer';

const write = (data) => {
  try {
    parquetWriteBuffer({ columnData: [{ name: 'column', data }] });
    return 'written';
  } catch (error) {
    return error.message;
  }
};
const seen = { small: write([1, 2]), fractions: write([1_795_910_400_000.5]), times: write([1_795_910_400_000]) };
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  { small: 'written', fractions: 'written', times: 'parquet expected int32 value, got 1795910400000' },
  'hyparquet-writer behaves differently now',
);
EOF
node probe.mjs
