import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";

import migration from "../../../../migrations/conversation/0029_unfinished_turns.sql";
import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import { redactSession } from "../../../../src/account/archive/erasure/redact-session.ts";
import type { TurnLifecycle } from "../../../../src/account/conversation/turn-lifecycle.ts";
import { countIndexedOf } from "../../../../src/account/store/erasure/erased-rows.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { forgetTurnSlice } from "../../../../src/account/store/turns/forget-slices.ts";
import { reindexTurn, unindexTurns } from "../../../../src/account/store/turns/indexed-turns.ts";
import {
  PART_LENGTH,
  markUnfinished,
  unfinishedTurns,
} from "../../../../src/account/store/turns/search-parts.ts";
import { indexedWords, takesRowsOut, useVolumesOf } from "../../../support/search-index.ts";
import { VOLUME_BOUNDS } from "../../../../src/account/store/turns/search-volumes.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, addRequestKeys, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";

const LATER = THEN + 40 * DAY;
const ALL = { limit: 100, offset: 0 };
const ID = turnId(1, 2);
const PARTS = inject("isLarge") ? 20 : 10;
const WORDS = Array.from({ length: PARTS * 1_000 }, (_none, n) => `w${String(n).padStart(6, "0")}`);
/** Of eight characters a word. */
const LONG = WORDS.join(" ");

afterEach(() => void vi.restoreAllMocks());

const numbers = async ({ db }: Shelf, word: string) =>
  (await new SearchIndex(db).search(`"${word}"`, ALL)).hits.map(({ turn_id }) => turn_id);

/** A long turn between two short ones, all indexed. */
async function indexed(shelf: Shelf, long = LONG): Promise<number> {
  shelf.add("s", ["pear", "", "pear"]);
  shelf.turns.update(turnOf(ID, long, { output: "Yes." }));
  await shelf.search.search('"pear"', ALL);
  await scheduler.wait(1);
  return indexedWords(shelf.db);
}

const wordsLeft = async ({ db }: Shelf) => {
  await scheduler.wait(1);
  return indexedWords(db);
};

const partsOf = ({ db }: Shelf) => db.scalar<number>("select count(*) from search_parts");

/** As the change of a turn does it, in a transaction. */
function say({ db, turns, search }: Shelf, input: string, output: string | null = "Yes."): void {
  const [before, after] = [turns.get(ID)!, turnOf(ID, input, { output })];
  db.transaction(() => {
    turns.update(after);
    reindexTurn(db, findSession(db, "s")!.indexed, before, after);
    search.turnWritten(1);
  });
}

/** By the turn of the event loop: how much text it takes out of the index, in UTF-16 units. */
function lengthsTaken(
  { db }: Shelf,
  atWait: () => Promise<void> = () => Promise.resolve(),
): number[] {
  const taken = [0];
  const all = db.all.bind(db);
  vi.spyOn(db, "all").mockImplementation((sql, ...params) => {
    if (takesRowsOut(sql))
      taken[taken.length - 1]! += params.filter((one) => typeof one === "string").join("").length;
    return all(sql, ...params);
  });
  const wait = scheduler.wait.bind(scheduler);
  vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
    taken.push(0);
    await wait(ms);
    await atWait();
  });
  return taken;
}

const lifecycle = { flush: () => undefined } as unknown as TurnLifecycle;

describe.each([
  ["one volume", VOLUME_BOUNDS.words],
  ["volumes of few words", PARTS * 500],
])("in an index of %s", (_name, size) => {
  beforeEach(() => useVolumesOf(size));

  describe("a long turn that is erased from a session", () => {
    it("leaves the index a part at a time, before the transaction that erases it", () =>
      withShelf(async (shelf) => {
        await indexed(shelf);
        expect(partsOf(shelf)).toBe(PARTS + 1);
        const taken = lengthsTaken(shelf);
        const remove = () => say(shelf, "", null);
        const parts = { ...shelf.tools(), lifecycle };
        await redactSession(parts, findSession(shelf.db, "s")!, { remove, turn: ID });
        expect(Math.max(...taken)).toBeLessThanOrEqual(PART_LENGTH);
        expect(taken.filter((length) => length > 0)).toHaveLength(PARTS + 1);
        expect(await numbers(shelf, WORDS[0]!)).toEqual([]);
        expect(await numbers(shelf, "pear")).toEqual([turnId(1, 3), turnId(1, 1)]);
        expect([await wordsLeft(shelf), partsOf(shelf)]).toEqual([4, 0]);
      }));

    it("leaves it so, too, where a search runs while the keys of its requests are looked for", () =>
      withShelf(async (shelf) => {
        await indexed(shelf);
        addRequestKeys(shelf, 100, 1_500);
        let [isLooking, isSearched] = [false, false];
        const one = shelf.db.one.bind(shelf.db);
        vi.spyOn(shelf.db, "one").mockImplementation((sql, ...params) => {
          isLooking ||= sql.includes("from idempotency");
          return one(sql, ...params);
        });
        const taken = lengthsTaken(shelf, async () => {
          if (!isLooking || isSearched) return;
          isSearched = true;
          await shelf.search.search('"pear"', ALL);
        });
        const remove = () => say(shelf, "", null);
        const parts = { ...shelf.tools(), lifecycle };
        await redactSession(parts, findSession(shelf.db, "s")!, { remove, turn: ID });
        expect(isSearched).toBe(true);
        expect(Math.max(...taken)).toBeLessThanOrEqual(PART_LENGTH);
        expect([await wordsLeft(shelf), partsOf(shelf)]).toEqual([4, 0]);
      }));

    it.each([PART_LENGTH - 100, PART_LENGTH + 100, 4 * PART_LENGTH - 100])(
      "takes no more text in a step where it has %i characters",
      (length) =>
        withShelf(async (shelf) => {
          await indexed(shelf, LONG.slice(0, length));
          const taken = lengthsTaken(shelf);
          const remove = () => say(shelf, "", null);
          const parts = { ...shelf.tools(), lifecycle };
          await redactSession(parts, findSession(shelf.db, "s")!, { remove, turn: ID });
          expect(Math.max(...taken)).toBeLessThanOrEqual(PART_LENGTH);
          expect(taken.reduce((sum, each) => sum + each)).toBeGreaterThan(length * 0.9);
          expect([await wordsLeft(shelf), partsOf(shelf)]).toEqual([4, 0]);
        }),
    );

    it("is found by all its words again where that was cut off, and leaves none when it goes then", () =>
      withShelf(async (shelf) => {
        const { db } = shelf;
        const before = await indexed(shelf);
        for (const slices of [1, 4, PARTS + 1]) {
          for (let n = 0; n < slices; n += 1) forgetTurnSlice(db, ID);
          expect(await wordsLeft(shelf)).toBeLessThan(before);
          expect(unfinishedTurns(db)).toEqual([ID]);
          for (const word of [WORDS[0]!, WORDS[9_000]!, WORDS.at(-1)!, "Yes"])
            expect(await numbers(shelf, word)).toContain(ID);
          expect([await wordsLeft(shelf), unfinishedTurns(db)]).toEqual([before, []]);
        }
        forgetTurnSlice(db, ID);
        say(shelf, "plum", null);
        expect(await numbers(shelf, "plum")).toEqual([ID]);
        expect([await wordsLeft(shelf), partsOf(shelf)]).toEqual([5, 0]);
      }));

    it.each([1, PARTS + 1])("goes with its session after a cut-off of %i slices", (slices) =>
      withShelf(async (shelf) => {
        const { db } = shelf;
        const before = await indexed(shelf);
        const cutOff = () => {
          for (let n = 0; n < slices; n += 1) forgetTurnSlice(db, ID);
        };
        cutOff();
        unindexTurns(db, findSession(db, "s")!);
        expect([await wordsLeft(shelf), unfinishedTurns(db)]).toEqual([0, []]);
        await numbers(shelf, "pear");
        expect(await wordsLeft(shelf)).toBe(before);
        cutOff();
        await new SearchIndex(db).forget([1]);
        expect([await wordsLeft(shelf), await countIndexedOf(db, [1])]).toEqual([0, 0]);
        await numbers(shelf, "pear");
        cutOff();
        await eraseSessions(shelf.tools(), ["s"], LATER);
        expect([await wordsLeft(shelf), await countIndexedOf(db, [1])]).toEqual([0, 0]);
      }),
    );

    it("is found in the archive after a cut-off, by all its words, and erased with it", () =>
      withShelf(async (shelf) => {
        const { db } = shelf;
        const before = await indexed(shelf);
        for (let n = 0; n < 4; n += 1) forgetTurnSlice(db, ID);
        const tools = shelf.tools();
        await tools.archivist.archiveDue(dueAt(LATER), 0);
        expect(findSession(db, "s")?.segment).not.toBeNull();
        expect(await wordsLeft(shelf)).toBe(before);
        expect(await numbers(shelf, WORDS.at(-1)!)).toEqual([ID]);
        await eraseSessions(tools, ["s"], LATER);
        expect([await wordsLeft(shelf), await countIndexedOf(db, [1])]).toEqual([0, 0]);
      }));

    it("keeps its session from being archived while the index lacks words of it", () =>
      withShelf(async (shelf) => {
        const { db, search } = shelf;
        await indexed(shelf);
        const keep = search.indexBeforeArchive.bind(search);
        vi.spyOn(search, "indexBeforeArchive").mockImplementation(async (keys) => {
          const isIndexed = await keep(keys);
          forgetTurnSlice(db, ID);
          return isIndexed;
        });
        await shelf.tools().archivist.archiveDue(dueAt(LATER), 0);
        expect(findSession(db, "s")?.segment).toBeNull();
        vi.restoreAllMocks();
        await shelf.tools().archivist.archiveDue(dueAt(LATER), 0);
        expect(findSession(db, "s")?.segment).not.toBeNull();
      }));

    it("is not put back by searches meanwhile, which find it again after the erasure was refused", () =>
      withShelf(async (shelf) => {
        const { db, search } = shelf;
        const before = await indexed(shelf);
        const taken = lengthsTaken(shelf);
        const searches: Promise<unknown>[] = [];
        const forgetting = search.forgetTurn(ID);
        for (let n = 0; n < 5; n += 1) searches.push(search.search('"pear"', ALL));
        await forgetting;
        await Promise.all(searches);
        expect(taken.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(LONG.length + 4);
        await search.search('"pear"', ALL);
        expect([await wordsLeft(shelf), unfinishedTurns(db)]).toEqual([before, []]);
      }));
  });

  describe("a long turn that changes", () => {
    it("keeps the parts that say the same, as where an answer comes", () =>
      withShelf(async (shelf) => {
        await indexed(shelf);
        const taken = lengthsTaken(shelf);
        say(shelf, LONG, `zebra ${LONG}`);
        // Its answer was a part.
        expect(taken).toEqual(["Yes.".length]);
        expect(await numbers(shelf, "zebra")).toEqual([ID]);
        say(shelf, LONG, `zebra ${LONG}`);
        say(shelf, `${LONG}s`, `zebra ${LONG}`);
        // Half a word is none.
        expect(await numbers(shelf, `${WORDS.at(-1)}s`)).toEqual([ID]);
        say(shelf, `plum ${LONG}`, null);
        expect(await numbers(shelf, "zebra")).toEqual([]);
        expect(await numbers(shelf, "plum")).toEqual([ID]);
        expect(await wordsLeft(shelf)).toBe(WORDS.length + 5);
      }));

    it("is indexed by the next search, some parts at a time, and as a row where it is short", () =>
      withShelf(async (shelf) => {
        const { db } = shelf;
        await indexed(shelf, "plum");
        say(shelf, LONG);
        expect([partsOf(shelf), unfinishedTurns(db)]).toEqual([0, [ID]]);
        expect(await numbers(shelf, WORDS.at(-1)!)).toEqual([ID]);
        expect(await numbers(shelf, "plum")).toEqual([]);
        expect(db.scalar("select min(id) from search_parts")).toBe(1);
        say(shelf, "fig");
        expect([partsOf(shelf), unfinishedTurns(db)]).toEqual([0, []]);
        expect(await wordsLeft(shelf)).toBe(6);
      }));

    it("is finished where it was marked before there was a table of marks", () =>
      withShelf(async (shelf) => {
        const { db } = shelf;
        const before = await indexed(shelf);
        for (let n = 0; n < 4; n += 1) forgetTurnSlice(db, ID);
        const left = partsOf(shelf);
        db.run("drop table unfinished_turns");
        db.run("insert into search_parts values (?, ?, 'input', 0, 0)", -ID, ID);
        db.run(migration);
        expect([partsOf(shelf), unfinishedTurns(db)]).toEqual([left, [ID]]);
        expect(await numbers(shelf, WORDS.at(-1)!)).toEqual([ID]);
        expect([await wordsLeft(shelf), unfinishedTurns(db)]).toEqual([before, []]);
        await eraseSessions(shelf.tools(), ["s"], LATER);
        expect([await wordsLeft(shelf), await countIndexedOf(db, [1])]).toEqual([0, 0]);
      }));

    it("is done with where it is marked, and nothing is left to add", () =>
      withShelf(async (shelf) => {
        const before = await indexed(shelf);
        markUnfinished(shelf.db, ID);
        markUnfinished(shelf.db, ID);
        await numbers(shelf, "pear");
        expect([await wordsLeft(shelf), unfinishedTurns(shelf.db)]).toEqual([before, []]);
      }));
  });
});
