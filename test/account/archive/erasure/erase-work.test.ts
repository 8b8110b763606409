import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import { newTrace } from "../../../../src/account/archive/erasure/places.ts";
import { ObjectStore } from "../../../../src/account/archive/storage/object-store.ts";
import { wordsMissing } from "../../../../src/account/store/archive/archived-words.ts";
import { countIndexedOf } from "../../../../src/account/store/erasure/erased-rows.ts";
import { findSession, putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { FORGET_BYTES, forgetSlice } from "../../../../src/account/store/turns/forget-slices.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import {
  indexedRows,
  indexedWords,
  takesRowsOut,
  useVolumesOf,
} from "../../../support/search-index.ts";
import { VOLUME_BOUNDS } from "../../../../src/account/store/turns/search-volumes.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const ALL = { limit: 100, offset: 0 };
const TURNS = 100;
/** 200 characters on either side. */
const TEXT = "plum ".repeat(40);

afterEach(() => void vi.restoreAllMocks());

const search = async ({ search: index }: Shelf, word: string) =>
  (await index.search(`"${word}"`, ALL)).hits.length;

/** By the turn of the event loop: the texts that are taken out of the index in it, in UTF-16 units. */
function textsTaken({ db }: Shelf, meanwhile = (_turn: number) => {}) {
  const taken: number[][] = [[]];
  const all = db.all.bind(db);
  vi.spyOn(db, "all").mockImplementation((sql, ...params) => {
    if (takesRowsOut(sql)) {
      for (let at = 0; at < params.length; at += 3)
        taken.at(-1)?.push([params[at + 1], params[at + 2]].join("").length);
    }
    return all(sql, ...params);
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    taken.push([]);
    meanwhile(taken.length);
    await wait(ms);
  });
  return taken;
}

const total = (texts: readonly number[]) => texts.reduce((sum, length) => sum + length, 0);

/** No turn of the event loop takes out more than a slice, or one turn or part that is longer. */
function expectSlices(taken: readonly number[][]): void {
  for (const texts of taken)
    expect(total(texts)).toBeLessThanOrEqual(texts.length > 1 ? FORGET_BYTES : PART_LENGTH);
}

const indexed = ({ db }: Shelf) => indexedRows(db);

describe.each([
  ["one volume", VOLUME_BOUNDS.words],
  ["volumes of few words", 2_000],
])("an erasure of sessions that a search has indexed in %s", (_name, size) => {
  beforeEach(() => useVolumesOf(size));

  it("takes their words out of the index a slice at a time, live, archived, short and long", () =>
    withShelf(async (shelf) => {
      const tools = shelf.tools();
      shelf.add("archived", Array<string>(TURNS).fill(TEXT));
      shelf.turns.insert(turnOf(turnId(1, TURNS + 1), "plum ".repeat(PART_LENGTH / 2)));
      expect(await search(shelf, "plum")).toBe(ALL.limit);
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      expect(findSession(shelf.db, "archived")?.segment).not.toBeNull();
      shelf.add("live", Array<string>(TURNS).fill(TEXT));
      shelf.turns.insert(turnOf(turnId(2, TURNS + 1), "plum ".repeat(PART_LENGTH / 2)));
      shelf.turns.insert(turnOf(turnId(2, TURNS + 2), TEXT));
      shelf.add("kept", ["pear"]);
      for (const key of [2, 3]) shelf.search.turnWritten(key);
      expect(await search(shelf, "plum")).toBe(ALL.limit);
      const taken = textsTaken(shelf);
      const trace = newTrace();
      const erased = await eraseSessions(tools, ["archived", "live"], LATER, { trace });
      expect(erased).toMatchObject({ sessions: 2, archived_sessions: 1, turns: 2 * TURNS + 3 });
      expect(trace.indexed).toBe(2 * TURNS + 3);
      expectSlices(taken);
      // Each word once: 401 characters a turn, and parts without the spaces between them.
      expect(total(taken.flat())).toBeGreaterThan(2 * TURNS * 400 + 2 * PART_LENGTH * 5);
      await scheduler.wait(1);
      expect(await countIndexedOf(shelf.db, trace.keys)).toBe(0);
      expect([indexed(shelf), indexedWords(shelf.db)]).toEqual([1, 2]);
      expect([await search(shelf, "plum"), await search(shelf, "pear")]).toEqual([0, 1]);
    }));

  it("indexes again what a cut-off erasure has left, and then forgets all of it", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      shelf.add("s", Array<string>(TURNS).fill(TEXT));
      shelf.turns.insert(turnOf(turnId(1, TURNS + 1), "plum ".repeat(PART_LENGTH)));
      shelf.add("kept", ["pear"]);
      await search(shelf, "plum");
      const before = indexedWords(db);
      // The last turn is in parts: one goes, then all of them and some other turns.
      for (const slices of [1, 12]) {
        for (let n = 0; n < slices; n += 1) expect(forgetSlice(db, 1)).toBe(true);
        await scheduler.wait(1);
        expect(indexedWords(db)).toBeLessThan(before);
        // An eviction forgets which sessions are to be indexed.
        await new SearchIndex(db).search('"plum"', ALL);
        await scheduler.wait(1);
        expect(indexedWords(db)).toBe(before);
      }
      forgetSlice(db, 1);
      await eraseSessions(shelf.tools(), ["s"], LATER);
      await scheduler.wait(1);
      expect([indexed(shelf), indexedWords(db)]).toEqual([1, 2]);
    }));

  it("is not kept from ending by searches, which index again what stays", () =>
    withShelf(async (shelf) => {
      shelf.add("s", Array<string>(TURNS).fill(TEXT));
      await search(shelf, "plum");
      const searches: Promise<unknown>[] = [];
      const taken = textsTaken(shelf, () => {
        if (searches.length < 5) {
          shelf.search.turnWritten(1);
          searches.push(shelf.search.search('"plum"', ALL));
        }
      });
      await shelf.search.forget([1]);
      await Promise.all(searches);
      expect(searches).toHaveLength(5);
      expect(total(taken.flat())).toBe(TURNS * 401);
      expect(await search(shelf, "plum")).toBe(TURNS);
    }));

  it("leaves a session findable that gets a hold meanwhile", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      shelf.add("s", Array<string>(TURNS).fill(TEXT));
      await search(shelf, "plum");
      const taken = textsTaken(shelf, () => {
        if (taken.flat().length > 0) db.run("update sessions set flags = flags | 2");
      });
      await expect(eraseSessions(shelf.tools(), ["s"], LATER)).rejects.toMatchObject({
        code: "session_held",
      });
      expect(taken.flat()).not.toEqual([]);
      expect(await search(shelf, "plum")).toBe(TURNS);
    }));

  it("indexes again what it forgot of an archive and could not erase", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      for (const id of ["a", "b", "kept"]) shelf.add(id, Array<string>(3).fill(TEXT));
      await search(shelf, "plum");
      const before = indexedWords(db);
      const tools = shelf.tools();
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      // oxlint-disable-next-line typescript/unbound-method -- it is applied to the store
      const read = ObjectStore.prototype.readMember;
      let reads = 0;
      const reading = vi.spyOn(ObjectStore.prototype, "readMember").mockImplementation(function (
        this: ObjectStore,
        ...given
      ) {
        reads += 1;
        return reads === 2 ? Promise.reject(new Error("R2 is away")) : read.apply(this, given);
      });
      await expect(eraseSessions(tools, ["a", "b"], LATER)).rejects.toThrow("R2 is away");
      reading.mockRestore();
      expect(findSession(db, "a")?.indexed).toBe(0);
      expect(wordsMissing(db).isPending).toBe(true);
      while (await shelf.tools().archiveIndexer.step());
      expect([await search(shelf, "plum"), wordsMissing(db).isPending]).toEqual([9, false]);
      await scheduler.wait(1);
      expect(indexedWords(db)).toBe(before);
      await eraseSessions(shelf.tools(), ["a", "b"], LATER);
      expect([await search(shelf, "plum"), wordsMissing(db).isPending]).toEqual([3, false]);
    }));

  it("reads a long turn once, and not once a part", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      shelf.add("s", ["plum ".repeat(PART_LENGTH)]);
      await search(shelf, "plum");
      const taken = textsTaken(shelf);
      await shelf.search.forget([1]);
      // As much on either side.
      expect(taken.filter((texts) => texts.length > 0).length).toBeGreaterThan(2 * 5);
      expectSlices(taken);
      // oxlint-disable-next-line typescript/unbound-method -- the spy is looked at, not called
      const calls = vi.mocked(db.all).mock.calls.filter(([sql]) => /\binput, .* from/s.test(sql));
      expect(calls).toHaveLength(1);
    }));

  it("reads no table of the account once a session", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      const OTHERS = 1_000;
      for (let n = 1; n <= OTHERS; n += 1) {
        shelf.add(`s-${n}`, ["Hi"]);
        putDetails(db, n, { metadata: JSON.stringify({ tenant: "usual" }) });
        db.run("insert into idempotency values (?, 'hash', ?, ?)", `k-${n}`, turnId(n, 1), THEN);
      }
      const rowsOf = async (from: number, sessions: number) => {
        const ids = Array.from({ length: sessions }, (_none, n) => `s-${from + n}`);
        const before = db.rowsRead;
        await eraseSessions(shelf.tools(), ids, LATER);
        return db.rowsRead - before;
      };
      const one = await rowsOf(1, 1);
      // Only keys of a day are read as a whole: before, for the trace, and to delete them.
      expect(one).toBeLessThan(5 * OTHERS);
      expect(await rowsOf(2, 10)).toBeLessThan(one + 2 * OTHERS);
      expect(db.scalar("select count(*) from idempotency")).toBe(OTHERS - 11);
    }));
});
