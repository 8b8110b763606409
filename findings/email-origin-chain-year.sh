#!/usr/bin/env bash
# Package:     email-origin-chain 1.0.11
# Expected:    The quoted letter of a reply has the date that the reply names: 23 December 2026, at 21:15.
# Actual:      Of Gmail's "On Wed, Dec 23, 2026 at 9:15 PM Bob <…> wrote:" the year and the time are skipped, and the
#              date is in 2001. Thunderbird's "On 23/12/2026 21:15, Bob wrote:" is 12 March. Neither has a warning.
# Output seen: {"gmail":["2001-12-23T00:00:00.000Z",[]],"gmailBritish":["2026-12-23T21:15:00.000Z",[]],"thunderbird":["2026-03-12T21:15:00.000Z",[]]}
# Consequence: A thread that is imported begins decades before its answer, or after it.
# Seen:        2026-11-30, Node 20.20.2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error email-origin-chain@1.0.11 any-date-parser@2.2.4 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { extractDeepestHybrid } from 'email-origin-chain';

const read = async (line) => {
  const lines = [
    'From: Ada <ada@example.com>',
    'To: Bob <bob@example.com>',
    'Subject: Re: Trip',
    'Date: Thu, 24 Dec 2026 08:30:00 +0000',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Yes, book it.',
    '',
    line,
    '> Shall I book?',
    '',
  ];
  const { date_iso: date, diagnostics } = await extractDeepestHybrid(lines.join('\r\n'));
  return [date, diagnostics.warnings];
};
const seen = {
  gmail: await read('On Wed, Dec 23, 2026 at 9:15 PM Bob <bob@example.com> wrote:'),
  gmailBritish: await read('On Wed, 23 Dec 2026 at 21:15, Bob <bob@example.com> wrote:'),
  thunderbird: await read('On 23/12/2026 21:15, Bob wrote:'),
};
console.log(JSON.stringify(seen));
assert.deepEqual(
  seen,
  {
    gmail: ['2001-12-23T00:00:00.000Z', []],
    gmailBritish: ['2026-12-23T21:15:00.000Z', []],
    thunderbird: ['2026-03-12T21:15:00.000Z', []],
  },
  'email-origin-chain behaves differently now',
);
EOF
TZ=UTC node probe.mjs
