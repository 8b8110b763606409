import { expect, test } from "vitest";

import { Tally } from "../../src/cli/reading/tally.ts";
import { formatOf, paceOf } from "../../src/cli/progress.ts";
import { reportText } from "../../src/cli/report-text.ts";
import type { ImportReply } from "../../src/cli/upload.ts";

test("the report is a page: what came, when, what not and why, and how to undo it", () => {
  const left_out = new Tally();
  left_out.add("branches", 2);
  left_out.add("metadata.memory_citations");
  const report = {
    import_id: "i-1",
    sessions: 2,
    turns: 3,
    created: 2,
    replaced: 0,
    merged: 0,
    unchanged: 0,
    skipped: { bad: 0 },
    not_taken: [],
    unknown_assistants: [],
    reconciliation: {
      sessions: 2,
      turns: 3,
      sent_sha256: "a".repeat(64),
      stored_sha256: "a".repeat(64),
      differing: [],
    },
  } as unknown as ImportReply;
  const page = reportText(
    {
      found: 2,
      unread: 1,
      problems: [{ from: "x.json[3]", message: "has no messages" }],
      left_out,
      examples: { branches: "x.json[0]", "metadata.memory_citations": "x.json[1]" },
      renamed: { sessions: 1, first: { from: "s 1", to: "s_1.0123456789ab" } },
      began: "2026-03-01T10:00:00.000Z",
      ended: "2026-03-02T11:30:00.000Z",
      report,
    },
    "i-1",
  );
  expect(page.split("\n")).toEqual([
    "found     2 conversations",
    "unread    1, named below",
    "sent      2 sessions, 3 turns, from 2026-03-01 10:00 to 2026-03-02 11:30 UTC",
    "were      2 created, 0 unchanged",
    "skipped   nothing",
    "read back 2 sessions, 3 turns, the same as sent (sha256 aaaaaaaaaaaaaaaa…)",
    'renamed   1 session: "s 1" is s_1.0123456789ab; metadata has the old id',
    "left out  2 branches, 1 metadata.memory_citations",
    "  branches: ways of a chat that were not shown last; --branches all brings them, first in x.json[0]",
    "  metadata.memory_citations: a field that has no place here, first in x.json[1]",
    "  x.json[3]: has no messages",
    "undo      npm run transfer -- undo i-1",
  ]);
});

test.each([
  ["nothing", { unchanged: 2 }, false],
  ["a session", { created: 1 }, true],
  ["a session in another's place", { replaced: 1 }, true],
  ["some turns", { merged: 1 }, true],
])("the report of an import that wrote %s tells how to undo it: %o, %s", (_, wrote, isTold) => {
  const report = {
    import_id: "i-1",
    sessions: 2,
    turns: 3,
    created: 0,
    replaced: 0,
    merged: 0,
    unchanged: 0,
    ...wrote,
    skipped: {},
    not_taken: [],
    unknown_assistants: [],
    reconciliation: { sessions: 0, turns: 0, differing: [] },
  } as unknown as ImportReply;
  const done = {
    found: 2,
    unread: 0,
    problems: [],
    left_out: new Tally(),
    examples: {},
    renamed: { sessions: 0 },
    began: null,
    ended: null,
    report,
  };
  expect(reportText(done, "i-1").includes("transfer -- undo")).toBe(isTold);
});

test("progress tells the rate, and the time that is left by the bytes of a file or by the count", () => {
  const bytes = { total: 1_000, read: () => 250 };
  expect(paceOf({ total: null, bytes }, 50, 10_000)).toEqual({ rate: 5, left: 30 });
  expect(paceOf({ total: 200 }, 50, 10_000)).toEqual({ rate: 5, left: 30 });
  expect(paceOf({ total: null }, 50, 10_000)).toEqual({ rate: 5, left: null });
  expect(formatOf({ total: null, bytes }, "sessions")).toMatch(/^\{bar\} .*left$/);
  expect(formatOf({ total: 200 }, "sessions")).toContain("{percentage} %");
  // An unknown whole would look done.
  expect(formatOf({ total: null }, "sessions")).toBe("{done} sessions | {rate}/s | {took}");
});
