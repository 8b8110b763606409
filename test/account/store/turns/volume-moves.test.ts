import * as fc from "fast-check";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import { maintain, nextMaintenance } from "../../../../src/account/archive/upkeep/maintain.ts";
import { readValue } from "../../../../src/account/store/account/account-values.ts";
import { removeSession } from "../../../../src/account/store/erasure/drop-session.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { reindexTurn } from "../../../../src/account/store/turns/indexed-turns.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import { SEARCH_BOUNDS } from "../../../../src/account/store/turns/search-matches.ts";
import { SearchPieces } from "../../../../src/account/store/turns/search-pieces.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import {
  addVolume,
  movingVolume,
  newestVolume,
  volumesOf,
} from "../../../../src/account/store/turns/search-volumes.ts";
import {
  MOVE_BOUNDS,
  copyVolume,
  finishMove,
} from "../../../../src/account/store/turns/volume-moves.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import type { Database } from "../../../../src/sqlite/database.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import {
  expectWordsOf,
  indexedRows,
  indexedWords,
  useVolumesOf,
} from "../../../support/search-index.ts";

const ALL = { limit: 200, offset: 0 };
const FIRST = "turn_search";

const searched = async ({ search }: Shelf, query: string) => {
  const { hits, order, complete } = await search.search(query, ALL);
  return { order, complete, hits: hits.map(({ turn_id, snippet }) => [turn_id, snippet]) };
};

async function move(db: Database, volume: string): Promise<void> {
  await copyVolume(db, volume);
  db.transaction(() => {
    finishMove(db);
  });
}

/** Copies until so many transactions are done, as a crash leaves it. */
async function cutOff(db: Database, volume: string, after: number): Promise<boolean> {
  let left = after;
  try {
    await copyVolume(db, volume, () => {
      left -= 1;
      if (left < 0) throw new Error("cut off");
    });
    return false;
  } catch (error) {
    if (!(error instanceof Error) || error.message !== "cut off") throw error;
    return true;
  }
}

function useBounds(bounds: typeof MOVE_BOUNDS): void {
  const before = { ...MOVE_BOUNDS };
  Object.assign(MOVE_BOUNDS, bounds);
  onTestFinished(() => void Object.assign(MOVE_BOUNDS, before));
}

/** Characters that FTS5 may write in another way, and marks, which are of a word or not. */
const isOdd = (one: string) =>
  /\p{M}|\p{Co}|\p{Lm}/u.test(one) || one.toLowerCase() !== one || one.normalize("NFKD") !== one;

const isWhole = (db: Database): void => {
  for (const volume of volumesOf(db))
    db.run(`insert into ${volume} (${volume}) values ('integrity-check')`);
};

async function expectWhole(shelf: Shelf): Promise<void> {
  await scheduler.wait(1);
  expect(movingVolume(shelf.db)).toBeNull();
  isWhole(shelf.db);
  expectWordsOf(shelf.db);
}

/** Sessions of three turns, short, long and short again. */
async function addSessions(shelf: Shelf, through: number): Promise<void> {
  for (let n = 1; n <= through; n += 1) {
    const long = Array.from({ length: PART_LENGTH / 6 }, (_none, at) => `w${at % 300}`).join(" ");
    shelf.add(`s${n}`, [
      `plum ${n} pear`,
      `${long} plum-pear fig${n}`,
      `Café ÅNGSTRÖM plum plum${n}`,
    ]);
    shelf.search.turnWritten(n);
    await searched(shelf, '"plum"');
  }
}

describe("a volume of the search index that is moved to the newest one", () => {
  beforeEach(() => {
    useVolumesOf(5_000);
    useBounds({ read: 4_000, slice: 500 });
  });

  it("has all words at their places there, and is gone", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 7);
      const before = volumesOf(db);
      expect(before.length).toBeGreaterThan(2);
      const queries = ['"plum"', '"plum" "pear"', '"plum-pear"', '"fig7"', '"angstrom"', '"w17"'];
      const found = async () => {
        const all = [];
        for (const query of queries) all.push(await searched(shelf, query));
        return all;
      };
      const [was, rows, words] = [await found(), indexedRows(db), indexedWords(db)];
      for (const volume of before) {
        await move(db, volume);
        expect(volumesOf(db).includes(volume)).toBe(volume === FIRST);
        await expectWhole(shelf);
        expect([indexedRows(db), indexedWords(db)]).toEqual([rows, words]);
      }
      expect(db.scalar(`select count(*) from ${FIRST}_docsize`)).toBe(0);
      expect(await found()).toEqual(was);
      for (let n = 1; n <= 7; n += 1) removeSession(db, findSession(db, `s${n}`)!, THEN);
      await scheduler.wait(1);
      expect([indexedRows(db), indexedWords(db)]).toEqual([0, 0]);
    }));

  it("goes on after a crash anywhere, and has no word twice", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 4);
      const was = await searched(shelf, '"plum"');
      let crashes = 0;
      for (const volume of volumesOf(db)) {
        for (let after = 0; await cutOff(db, volume, after); after = (after + 1) % 3) {
          crashes += 1;
          expect(crashes).toBeLessThan(500);
          expect(movingVolume(db)).toBe(volume);
          // Rows are in both volumes meanwhile, and found once.
          expect((await searched(shelf, '"plum"')).hits).toEqual(was.hits);
        }
        db.transaction(() => {
          finishMove(db);
        });
        await expectWhole(shelf);
      }
      expect(crashes).toBeGreaterThan(4);
      expect(await searched(shelf, '"plum"')).toEqual(was);
    }));

  it("keeps no word of a row that goes or changes while it is moved", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      await addSessions(shelf, 4);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ after: fc.nat(12), session: fc.nat(3), seq: fc.nat(2) }), {
            minLength: 1,
            maxLength: 4,
          }),
          async (changes) => {
            const volume = volumesOf(db).at(0) ?? FIRST;
            const moved = db.scalar(`select 1 from ${FIRST}_docsize`) === null ? 1 : 0;
            const from = volumesOf(db).at(moved) ?? volume;
            for (const { after, session, seq } of changes) {
              await cutOff(db, from, after);
              const id = turnId(session + 1, seq + 1);
              const before = turns.get(id)!;
              const changed = turnOf(id, `plum changed${after}`);
              db.transaction(() => {
                reindexTurn(db, findSession(db, `s${session + 1}`)!.indexed, before, changed);
                turns.update(changed);
              });
            }
            await move(db, from);
            expect((await searched(shelf, '"plum"')).hits).toHaveLength(12);
            await expectWhole(shelf);
          },
        ),
        { numRuns: 8, seed: 11 },
      );
    }));

  it("reads some places of a word at a time, however often it is said", () =>
    withShelf(async (shelf) => {
      const { db, add } = shelf;
      useVolumesOf(1_500_000);
      useBounds({ read: 400_000, slice: 12_000 });
      add(
        "s",
        Array.from({ length: 16 }, () => `plum ${"ja ".repeat(PART_LENGTH / 6)}`),
      );
      shelf.search.turnWritten(1);
      const was = await searched(shelf, '"ja"');
      db.transaction(() => addVolume(db));
      const all = vi.spyOn(db, "all");
      for (const volume of volumesOf(db)) await move(db, volume);
      const read = all.mock.results.map(({ value }) => (value as unknown[]).length);
      vi.restoreAllMocks();
      expect(Math.max(...read)).toBeLessThanOrEqual(20_000);
      await expectWhole(shelf);
      expect(await searched(shelf, '"ja"')).toEqual(was);
    }));

  it("misses nothing in a search that runs meanwhile", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 7);
      const QUERY = '"plum" "fig7" "w17"';
      const was = await searched(shelf, QUERY);
      expect(was.hits.length).toBeGreaterThan(0);
      let moved = 0;
      for (let after = 1, isPast = false; !isPast; after += 1) {
        let left = after;
        const pieces = new SearchPieces();
        const next = pieces.next.bind(pieces);
        vi.spyOn(pieces, "next").mockImplementation(async () => {
          await next();
          left -= 1;
          if (left !== 0) return;
          moved += 1;
          for (const volume of volumesOf(db)) await move(db, volume);
        });
        const search = new SearchIndex(db, SEARCH_BOUNDS, pieces);
        expect(await searched({ ...shelf, search }, QUERY), `moved after ${after}`).toEqual(was);
        isPast = left > 0;
      }
      expect(moved).toBeGreaterThan(3);
    }));

  it("takes some words a transaction", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 4);
      const [volume = FIRST] = volumesOf(db);
      db.transaction(() => addVolume(db));
      const steps: number[] = [];
      let before = indexedWords(db);
      await copyVolume(db, volume, () => {
        steps.push(indexedWords(db) - before);
        before = indexedWords(db);
      });
      expect(steps.length).toBeGreaterThan(5);
      // A part of a turn more.
      expect(Math.max(...steps)).toBeLessThanOrEqual(500 + PART_LENGTH / 2);
      db.transaction(() => {
        finishMove(db);
      });
      await expectWhole(shelf);
    }));
});

it("the words of a row are the same where FTS5 makes them of themselves again, whatever letters they have", () =>
  withShelf(async (shelf) => {
    const { db, add } = shelf;
    const odd: string[] = [];
    for (let code = 0x41; code < 0x2_0000; code += 1)
      if (!(code >= 0xac00 && code < 0xe100) && isOdd(String.fromCodePoint(code)))
        odd.push(String.fromCodePoint(code));
    expect(odd.length).toBeGreaterThan(5_000);
    for (let at = 0; at < odd.length; at += 1_000)
      add(`s${at}`, [
        odd
          .slice(at, at + 1_000)
          .map((one) => `${one}a${one}`)
          .join(" "),
      ]);
    await searched(shelf, '"a"');
    const words = indexedWords(db);
    await move(db, FIRST);
    await expectWhole(shelf);
    expect(indexedWords(db)).toBe(words);
  }));

it("the maintenance joins volumes that erasures left almost empty, and searches find the same", () =>
  withShelf(async (shelf) => {
    useVolumesOf(3_000);
    const { db, add } = shelf;
    const SESSIONS = 120;
    const KEPT = 30;
    for (let n = 1; n <= SESSIONS; n += 1) {
      add(`s${n}`, [`plum ${Array.from({ length: 60 }, (_none, at) => `w${n}x${at}`).join(" ")}`]);
      shelf.search.turnWritten(n);
      if (n % 5 === 0) await searched(shelf, `"w${n}x1"`);
    }
    expect(volumesOf(db).length).toBeGreaterThan(3);
    const isKept = (n: number) => n % KEPT === 0;
    const erased = Array.from({ length: SESSIONS }, (_none, n) => n + 1).filter((n) => !isKept(n));
    const tools = shelf.tools();
    await eraseSessions(
      tools,
      erased.map((n) => `s${n}`),
      THEN,
    );
    const was = await searched(shelf, '"plum"');
    expect(was.hits).toHaveLength(SESSIONS / KEPT);
    const volumes = volumesOf(db);
    expect(volumes.length).toBeGreaterThan(3);
    for (let more = true; more;) {
      const done = await maintain(tools, THEN);
      expect(done.errors).toBe(0);
      more = done.more;
    }
    expect(volumesOf(db)).toEqual([FIRST, newestVolume(db)]);
    expect(readValue(db, "thinned_volumes")).toBeNull();
    expect(nextMaintenance(tools, null, THEN)).not.toBe(THEN);
    expect(await searched(shelf, '"plum"')).toEqual(was);
    await expectWhole(shelf);
  }));
