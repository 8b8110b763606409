import { beforeEach, describe, expect, it } from "vitest";

import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import { maintain, nextMaintenance } from "../../../../src/account/archive/upkeep/maintain.ts";
import { readValue } from "../../../../src/account/store/account/account-values.ts";
import { compactFile } from "../../../../src/account/store/account/file-compaction.ts";
import { countAllIndexed } from "../../../../src/account/store/erasure/erased-rows.ts";
import { mergeSegments } from "../../../../src/account/store/turns/index-merges.ts";
import { indexSlice } from "../../../../src/account/store/turns/index-slices.ts";
import { newestVolume, volumesOf } from "../../../../src/account/store/turns/search-volumes.ts";
import { rewriteThinned } from "../../../../src/account/store/turns/volume-rewrites.ts";
import type { Database } from "../../../../src/sqlite/database.ts";
import { THEN, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { indexBytes, useVolumesOf } from "../../../support/search-index.ts";

const SESSIONS = 80;
const NUMBERS = 60;
/** Numbers of one session are so far from each other. */
const STRIDE = 120;
/** FTS5's directory of a volume with 40 sessions has whole numbers of these. */
const ERASED = Array.from({ length: SESSIONS / 4 }, (_none, n) => 3 * (n + 1));
const FILLER_ID = 0;

/** Telephone numbers that follow each other, dealt out to the sessions: FTS5 tells two by their last digits. */
const numbersOf = (session: number): string[] =>
  Array.from({ length: NUMBERS }, (_none, n) => String(49_151_000_000 + n * STRIDE + session));

const ALL = { limit: 200, offset: 0 };

async function addSessions(shelf: Shelf, from: number, through: number): Promise<void> {
  const { db, add, search } = shelf;
  await search.begin();
  for (let n = from; n <= through; n += 1) {
    add(`s${n}`, [`call ${numbersOf(n).join(" ")}`]);
    search.turnWritten(n);
    db.transaction(() => indexSlice(db, [n]));
    while (db.transaction(() => mergeSegments(db))) await scheduler.wait(1);
  }
}

const erase = (shelf: Shelf, sessions: readonly number[]) =>
  eraseSessions(
    shelf.tools(),
    sessions.map((n) => `s${n}`),
    THEN,
  );

/** The numbers of these sessions that the index still has somewhere. */
function numbersLeft({ db }: Shelf, sessions: readonly number[]): string[] {
  const bytes = indexBytes(db);
  return sessions.flatMap(numbersOf).filter((number) => bytes.includes(number));
}

const isWhole = (db: Database): void => {
  for (const volume of volumesOf(db))
    db.run(`insert into ${volume} (${volume}) values ('integrity-check')`);
};

const fillersIn = (db: Database): number =>
  volumesOf(db).filter(
    (volume) => db.scalar(`select 1 from ${volume}_docsize where id = ?`, FILLER_ID) !== null,
  ).length;

async function expectWhole(shelf: Shelf, erased: number): Promise<void> {
  const { db, search } = shelf;
  await scheduler.wait(1);
  expect(fillersIn(db)).toBe(0);
  expect(countAllIndexed(db)).toBe(SESSIONS - erased);
  isWhole(db);
  expect((await search.search('"call"', ALL)).hits).toHaveLength(SESSIONS - erased);
  const [number = ""] = numbersOf(SESSIONS);
  expect((await search.search(`"${number}"`, ALL)).hits).toHaveLength(1);
}

beforeEach(() => useVolumesOf(2_500));

describe("words that were erased", () => {
  it("stay in no directory of a volume once the maintenance has run", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, SESSIONS);
      expect(volumesOf(db).length).toBeGreaterThan(2);
      await erase(shelf, ERASED);
      await scheduler.wait(1);
      // FTS5 leaves them there: without it this proves nothing.
      expect(numbersLeft(shelf, ERASED)).not.toEqual([]);
      const tools = shelf.tools();
      expect(nextMaintenance(tools, null, THEN)).toBe(THEN);
      for (let more = true; more;) {
        const done = await maintain(tools, THEN);
        expect(done.errors).toBe(0);
        more = done.more;
      }
      expect(nextMaintenance(tools, null, THEN)).not.toBe(THEN);
      expect(readValue(db, "thinned_volumes")).toBeNull();
      expect(numbersLeft(shelf, ERASED)).toEqual([]);
      await expectWhole(shelf, ERASED.length);
    }));

  it("stay in no directory of a volume once the file was compacted", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, SESSIONS);
      await erase(shelf, ERASED);
      await scheduler.wait(1);
      expect(numbersLeft(shelf, ERASED)).not.toEqual([]);
      await compactFile(db, () => scheduler.wait(1));
      expect(readValue(db, "thinned_volumes")).toBeNull();
      expect(numbersLeft(shelf, ERASED)).toEqual([]);
      await expectWhole(shelf, ERASED.length);
    }));

  it("go after a crash, too, and where others are erased meanwhile", () =>
    withShelf(async (shelf) => {
      const { db, search } = shelf;
      await addSessions(shelf, 1, SESSIONS);
      await erase(shelf, ERASED);
      expect(await rewriteThinned(db, 2)).toBe(true);
      expect(fillersIn(db)).toBe(1);
      expect(countAllIndexed(db)).toBe(SESSIONS - ERASED.length);
      const { hits } = await search.search('"call"', ALL);
      expect(hits).toHaveLength(SESSIONS - ERASED.length);
      const others = ERASED.map((n) => n + 1);
      await erase(shelf, others);
      for (let steps = 0; await rewriteThinned(db, 1); steps += 1) expect(steps).toBeLessThan(500);
      expect(numbersLeft(shelf, [...ERASED, ...others])).toEqual([]);
      await expectWhole(shelf, 2 * ERASED.length);
    }));

  it("cost no rewriting where none went", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, 3);
      expect(readValue(db, "thinned_volumes")).toBeNull();
      expect(await rewriteThinned(db)).toBe(false);
      await erase(shelf, [2]);
      expect(readValue(db, "thinned_volumes")).toEqual({ due: [newestVolume(db)], begun: null });
      while (await rewriteThinned(db));
      expect(readValue(db, "thinned_volumes")).toBeNull();
    }));
});
