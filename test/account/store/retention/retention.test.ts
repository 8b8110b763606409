import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { insertSegment, ARCHIVE } from "../../../../src/account/store/archive/archives.ts";
import { Counters } from "../../../../src/account/store/usage/counters.ts";
import {
  countDueSessions,
  dueSessions,
  expiredArchives,
  idleSince,
} from "../../../../src/account/store/retention/retention.ts";
import {
  journalThrough,
  overQuotaCutoff,
} from "../../../../src/account/store/retention/over-rows.ts";
import type { Due } from "../../../../src/account/store/retention/retention.ts";
import { explainDue } from "../../../../src/account/store/retention/due-reasons.ts";
import { HELD, JOURNAL, PINNED } from "../../../../src/account/store/sessions/session-flags.ts";
import { putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { RETENTION, THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import type { Turn } from "../../../../src/shared/turn.ts";

const HOUR = DAY / 24;

/** A session that began and was last accessed so many days after THEN; its row says the day. */
function add(
  shelf: Shelf,
  key: number,
  days: number,
  { flags = 0, turns = [{}] }: { flags?: number; turns?: Partial<Turn>[] } = {},
): void {
  const { db } = shelf;
  shelf.add(`s${key}`, []);
  const at = THEN + days * DAY;
  db.run(
    "update sessions set created_at = ?1, accessed_at = ?1, flags = ?2 where key = ?3",
    at,
    flags,
    key,
  );
  for (const [index, more] of turns.entries())
    shelf.turns.insert(turnOf(turnId(key, index + 1), "Hi", { created_at: at, ...more }));
}

/** The keys of what is due, which are as many as are counted. */
async function due({ db }: Shelf, request: Due) {
  const sessions = await dueSessions(db, request, { after: 0, limit: 100 });
  const keys = sessions.map(({ key }) => key);
  expect(await countDueSessions(db, new Counters(db), request)).toBe(keys.length);
  return keys;
}

const NOW = THEN + 40 * DAY;

describe("what is due", () => {
  it("has been idle for too long, to the millisecond", () =>
    withShelf(async (shelf) => {
      add(shelf, 1, 10);
      add(shelf, 2, 11);
      add(shelf, 3, 10, { turns: [{}, { created_at: THEN + 10 * DAY + HOUR }] });
      expect(await due(shelf, dueAt(NOW))).toEqual([]);
      expect(await due(shelf, dueAt(NOW + 1))).toEqual([1]);
      expect(await due(shelf, dueAt(NOW + HOUR))).toEqual([1]);
      expect(await due(shelf, dueAt(NOW + HOUR + 1))).toEqual([1, 3]);
      expect(await due(shelf, dueAt(NOW + 2 * DAY))).toEqual([1, 2, 3]);
      expect(
        await due(shelf, { ...dueAt(NOW + 2 * DAY), retention: { ...RETENTION, idle_days: null } }),
      ).toEqual([]);
      const page = await dueSessions(shelf.db, dueAt(NOW + 2 * DAY), { after: 1, limit: 1 });
      expect(page.map(({ session_id }) => session_id)).toEqual(["s2"]);
    }));

  it("is neither pinned nor held, nor archived already", () =>
    withShelf(async (shelf) => {
      add(shelf, 1, 0, { flags: PINNED });
      add(shelf, 2, 0, { flags: HELD });
      add(shelf, 3, 0);
      add(shelf, 4, 0);
      shelf.db.run("update sessions set segment = 1 where key = 4");
      expect(await due(shelf, dueAt(NOW))).toEqual([3]);
    }));

  it("is too old, whenever its last turn was", () =>
    withShelf(async (shelf) => {
      add(shelf, 1, 0, { turns: [{ created_at: NOW }] });
      add(shelf, 2, 1, { turns: [{ created_at: NOW }] });
      const retention = { ...RETENTION, idle_days: 30, age_days: 40 };
      expect(await due(shelf, { ...dueAt(NOW), retention })).toEqual([]);
      expect(await due(shelf, { ...dueAt(NOW + 1), retention })).toEqual([1]);
    }));

  it("is told by the rule for its assistant or metadata", () =>
    withShelf(async (shelf) => {
      for (const key of [1, 2, 3]) add(shelf, key, 38);
      putDetails(shelf.db, 1, { assistant: "a" });
      putDetails(shelf.db, 2, { metadata: '{"k":"v"}' });
      const rules = [
        { assistant: "a", idle_days: 1 },
        { metadata: { k: "v" }, idle_days: 3 },
      ];
      const retention = { ...RETENTION, idle_days: 30, rules };
      expect(await due(shelf, { ...dueAt(NOW), retention })).toEqual([1]);
      expect(await due(shelf, { ...dueAt(NOW + 2 * DAY), retention })).toEqual([1, 2]);
    }));

  it("is what was idle longest, where there are too many turns", () =>
    withShelf(async (shelf) => {
      add(shelf, 1, 3, { turns: [{}, {}] });
      add(shelf, 2, 1, { turns: [{}, {}, {}] });
      add(shelf, 3, 2, { turns: [{}] });
      const before = (rows: number | null) =>
        overQuotaCutoff(shelf.db, new Counters(shelf.db), rows);
      expect([await before(null), await before(6)]).toEqual([null, null]);
      expect(await before(5)).toBe(THEN + DAY);
      expect(await before(3)).toBe(THEN + DAY);
      expect(await before(2)).toBe(THEN + 2 * DAY);
      const crowded = (crowded_before: number) =>
        due(shelf, {
          ...dueAt(NOW),
          crowded_before,
          retention: { ...RETENTION, idle_days: null, rows: 5 },
        });
      expect(await crowded(THEN + DAY)).toEqual([2]);
      expect(await crowded(THEN + 2 * DAY)).toEqual([2, 3]);
    }));

  it("is of the journal what is up to a block, and never by its age", () =>
    withShelf(async (shelf) => {
      const call = { status: "in_progress", output: null } as const;
      add(shelf, 1, 0, { flags: JOURNAL, turns: [{}, {}] });
      add(shelf, 2, 0, { flags: JOURNAL, turns: [{}, call] });
      add(shelf, 3, 50);
      const through = (rows: number | null) => journalThrough(shelf.db, rows);
      expect(await Promise.all([null, 7, 6, 3, 2].map(through))).toEqual([null, null, 1, 1, 2]);
      expect(await due(shelf, dueAt(NOW))).toEqual([]);
      expect(await due(shelf, { ...dueAt(NOW), journal_through: 1 })).toEqual([1]);
      expect(await due(shelf, { ...dueAt(NOW), journal_through: 2 })).toEqual([1, 2]);
    }));

  it("comes to so many bytes of text", () =>
    withShelf(async (shelf) => {
      const part = () =>
        explainDue(shelf.db, dueAt(NOW), { after: 0, limit: 10, ids: 1 })?.part.bytes;
      expect(part()).toBeUndefined();
      add(shelf, 1, 0, {
        turns: [
          { input: "né", output: "a" },
          { input: "b", output: null },
        ],
      });
      add(shelf, 2, 39);
      expect(part()).toBe(5);
    }));
});

describe("an archive", () => {
  it("expires so long after it was made, by the rule for its session, unless that is to stay", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      const segment = (days: number) =>
        insertSegment(db, {
          ...ARCHIVE,
          object_key: `segment-${days}`,
          bytes: 1,
          members: "[]",
          created_at: THEN + days * DAY,
          key_id: null,
        });
      const [first, second] = [segment(0), segment(1)];
      for (const [index, id] of [second, first, first, first].entries()) {
        add(shelf, index + 1, 0, { flags: index === 2 ? HELD : 0, turns: [] });
        db.run("update sessions set segment = ? where key = ?", id, index + 1);
      }
      putDetails(db, 4, { assistant: "a" });
      add(shelf, 5, 0);
      const expired = (days: number, limit = 10, archive_days: number | null = 90) => {
        const rules = [{ assistant: "a", archive_days: null }];
        const retention = { ...RETENTION, archive_days, rules };
        const now = THEN + days * DAY;
        return expiredArchives(db, { now, retention }, { limit }).map(({ key }) => key);
      };
      expect([expired(90), expired(90.5), expired(92), expired(92, 1)]).toEqual([
        [],
        [2],
        [2, 1],
        [2],
      ]);
      expect(expired(9_999, 10, null)).toEqual([]);
    }));
});

describe("the day before which nothing was accessed", () => {
  it("is that of the first session that a sweep may take", () =>
    withShelf(async (shelf) => {
      const since = () => idleSince(new Counters(shelf.db), NOW);
      expect(since()).toBe(NOW);
      add(shelf, 1, 1.5, { flags: PINNED });
      expect(since()).toBe(NOW);
      add(shelf, 2, 3.5);
      expect(since()).toBe(THEN + 3 * DAY);
      add(shelf, 3, 1.25);
      expect(since()).toBe(THEN + DAY);
      expect(idleSince(new Counters(shelf.db), THEN)).toBe(THEN);
    }));
});
