import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { eraseSessions } from "../../../../src/account/archive/erasure/erase-session.ts";
import { readValue } from "../../../../src/account/store/account/account-values.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { mergeSegments } from "../../../../src/account/store/turns/index-merges.ts";
import { indexSlice } from "../../../../src/account/store/turns/index-slices.ts";
import { reindexTurn, unindexTurns } from "../../../../src/account/store/turns/indexed-turns.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import {
  VOLUME_BOUNDS,
  newestVolume,
  sizeOf,
  volumesOf,
} from "../../../../src/account/store/turns/search-volumes.ts";
import { rewriteThinned } from "../../../../src/account/store/turns/volume-rewrites.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { keyOf, turnId } from "../../../../src/shared/ids.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { DAY } from "../../../support/client.ts";
import {
  indexBytes,
  indexedRows,
  indexedWords,
  useVolumesOf,
} from "../../../support/search-index.ts";

const ALL = { limit: 100, offset: 0 };
const LATER = THEN + 40 * DAY;
/** Two turns of a session are a volume: see {@link addSessions}. */
const FEW = 30;

const idsOf = async ({ db }: Shelf, query: string, page = ALL): Promise<number[]> =>
  (await new SearchIndex(db).search(query, page)).hits.map(({ turn_id }) => turn_id);

/** Sessions of two turns. Each session is a volume of its own. */
async function addSessions({ db, add, search }: Shelf, from: number, through: number) {
  await search.begin();
  for (let key = from; key <= through; key += 1) {
    add(`s${key}`, Array<string>(2).fill(`plum fig${key} ${"filler ".repeat(8)}`));
    search.turnWritten(key);
    db.transaction(() => indexSlice(db, [key]));
  }
}

const tablesOf = ({ db }: Shelf): string[] =>
  db
    .all<{ name: string }>(
      "select name from sqlite_master where sql like 'create virtual table%' order by rootpage, name",
    )
    .map(({ name }) => name)
    .toSorted();

/** As if another version had made the index. */
function makeOld({ db }: Shelf): void {
  db.run("update account set value = '3' where name = 'index_version'");
  db.run("update sessions set indexed = indexed & 1048575");
}

beforeEach(() => useVolumesOf(FEW));

describe("the volumes of a search index", () => {
  it("are made as the newest one is full, and found by every word", () =>
    withShelf(async (shelf) => {
      await addSessions(shelf, 1, 5);
      const { db } = shelf;
      expect(volumesOf(db)).toEqual([
        "turn_search",
        ...[2, 3, 4, 5].map((n) => `turn_search_${n}`),
      ]);
      expect(tablesOf(shelf)).toEqual(volumesOf(db).toSorted());
      for (const volume of volumesOf(db)) expect(sizeOf(db, volume).rows).toBe(2);
      for (let key = 1; key <= 5; key += 1)
        expect(await idsOf(shelf, `"fig${key}"`)).toEqual([turnId(key, 2), turnId(key, 1)]);
      expect(await idsOf(shelf, '"plum"')).toHaveLength(10);
    }));

  it("are as before where the transaction that made one is undone, or a crash comes after it", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, 2);
      shelf.add("s3", ["plum fig3"]);
      expect(() =>
        db.transaction(() => {
          indexSlice(db, [3]);
          expect(volumesOf(db)).toHaveLength(3);
          throw new Error("undone");
        }),
      ).toThrow("undone");
      expect(volumesOf(db)).toHaveLength(2);
      expect(tablesOf(shelf)).toHaveLength(2);
      expect(await idsOf(shelf, '"fig3"')).toEqual([turnId(3, 1)]);
      expect(volumesOf(db)).toHaveLength(3);
      // One was made, and nothing came to be in it.
      unindexTurns(db, findSession(db, "s3")!);
      expect(await idsOf(shelf, '"plum"')).toHaveLength(5);
      expect(volumesOf(db)).toHaveLength(3);
    }));

  it("go when they have lost their last turn, but for the first and the newest", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, 4);
      for (const key of [2, 1, 4]) unindexTurns(db, findSession(db, `s${key}`)!);
      expect(readValue(db, "search_volumes")).toEqual([1, 3, 4]);
      expect(tablesOf(shelf)).toEqual(["turn_search", "turn_search_3", "turn_search_4"]);
      expect(await idsOf(shelf, '"fig3"')).toHaveLength(2);
      expect(await idsOf(shelf, '"plum"')).toHaveLength(8);
      // What was taken out is indexed again, in the newest.
      await scheduler.wait(1);
      expect(volumesOf(db).map((volume) => sizeOf(db, volume).rows)).toEqual([0, 2, 6]);
    }));

  it("have no more words than their bound and a slice, and no merge rewrites more, however often a word comes", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      const bound = 20_000;
      useVolumesOf(bound);
      // 20 turns of 640 characters are indexed together.
      const words = 20 * 2 * 160;
      shelf.add("s", []);
      await shelf.search.begin();
      let longest = 0;
      for (let n = 0; n < 60; n += 1) {
        for (let k = 1; k <= 20; k += 1)
          shelf.turns.insert(
            turnOf(turnId(1, n * 20 + k), "the ".repeat(160), { output: "the ".repeat(160) }),
          );
        shelf.search.turnWritten(1);
        db.transaction(() => indexSlice(db, [1]));
        for (let isMore = true; isMore;) {
          const volume = newestVolume(db);
          const pages = `select id, block from ${volume}_data where id > 10`;
          const before = new Map(
            db
              .all<{ id: number; hex: string }>(`select id, hex(block) as hex from (${pages})`)
              .map(({ id, hex }) => [id, hex]),
          );
          isMore = db.transaction(() => mergeSegments(db));
          const after = db.all<{ id: number; hex: string }>(
            `select id, hex(block) as hex from (${pages})`,
          );
          const written = after.filter(({ id, hex }) => before.get(id) !== hex);
          longest = Math.max(
            longest,
            written.reduce((sum, { hex }) => sum + hex.length / 2, 0),
          );
        }
      }
      expect(volumesOf(db).length).toBeGreaterThan(10);
      for (const volume of volumesOf(db))
        expect(sizeOf(db, volume).words).toBeLessThanOrEqual(bound + words);
      expect(longest).toBeGreaterThan(bound / 2);
      expect(longest).toBeLessThanOrEqual((bound + words) * 1.1);
    }));

  it("have no byte of what was erased, live or archived, short or long, in whichever volume it was", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      const long = Array.from({ length: PART_LENGTH / 4 }, (_none, n) => `secret${n}`).join(" ");
      await addSessions(shelf, 1, 3);
      for (const [key, id] of ["live", "archived", "kept"].entries())
        shelf.add(id, [`secretive${key}`, id === "kept" ? "stays" : long, `confidential${key}`]);
      const tools = shelf.tools();
      for (const key of [4, 5, 6]) shelf.search.turnWritten(key);
      await idsOf(shelf, '"plum"');
      db.run("update sessions set accessed_at = ? where session_id <> 'archived'", LATER);
      await tools.archivist.archiveDue(dueAt(LATER), 0);
      expect(findSession(db, "archived")?.segment).not.toBeNull();
      await addSessions(shelf, 7, 9);
      expect(volumesOf(db).length).toBeGreaterThan(6);
      expect(indexBytes(db)).toContain("ecret");
      await eraseSessions(tools, ["live", "archived"], LATER);
      while (await rewriteThinned(db));
      await scheduler.wait(1);
      const bytes = indexBytes(db);
      expect(bytes).toContain("secretive2");
      for (const word of ["secretive0", "secretive1", "onfidential0", "onfidential1", "ecret17"])
        expect([word, bytes.includes(word)]).toEqual([word, false]);
      expect(indexedRows(db)).toBe(6 * 2 + 3);
      for (const key of [1, 2, 3, 7, 8, 9])
        expect(await idsOf(shelf, `"fig${key}"`)).toHaveLength(2);
      expect(await idsOf(shelf, '"confidential2"')).toHaveLength(1);
    }));

  it("move a turn that changes to the newest one, and find it by what it says", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      await addSessions(shelf, 1, 3);
      const [before, after] = [turns.get(turnId(1, 1))!, turnOf(turnId(1, 1), "plum pear")];
      db.transaction(() => {
        reindexTurn(db, findSession(db, "s1")!.indexed, before, after);
        turns.update(after);
      });
      await scheduler.wait(1);
      expect(sizeOf(db, "turn_search").rows).toBe(1);
      expect(await idsOf(shelf, '"pear"')).toEqual([turnId(1, 1)]);
      expect(await idsOf(shelf, '"fig1"')).toEqual([turnId(1, 2)]);
      expect(await idsOf(shelf, '"plum"')).toHaveLength(6);
      expect(indexedRows(db)).toBe(6);
    }));

  it("are searched whole while others are made, and while they go", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, 12);
      const wait = scheduler.wait.bind(scheduler);
      let waits = 0;
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        waits += 1;
        if (waits === 14) unindexTurns(db, findSession(db, "s2")!);
        if (waits === 18) await addSessions(shelf, 13, 14);
        await wait(ms);
      });
      const index = new SearchIndex(db, { volumes: 99, turns: 9_999, batch: 1 });
      const found = (await index.search('"plum"', ALL)).hits.map(({ turn_id }) => turn_id);
      vi.restoreAllMocks();
      expect(waits).toBeGreaterThan(30);
      expect(volumesOf(db)).not.toContain("turn_search_2");
      const staying = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].flatMap((key) => [
        turnId(key, 1),
        turnId(key, 2),
      ]);
      expect(found).toEqual(expect.arrayContaining(staying));
      expect(new Set(found).size).toBe(found.length);
    }));

  it.each([
    ["a search", ({ search }: Shelf) => search.begin()],
    ["archiving", ({ search }: Shelf) => search.indexBeforeArchive([1])],
    ["a turn that changes", ({ search }: Shelf) => search.forgetTurn(turnId(1, 1))],
    ["an erasure", ({ search }: Shelf) => search.forget([1])],
  ])("are dropped one at a time by %s where they are of another version", (_by, work) =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, 6);
      await scheduler.wait(1);
      const words = indexedWords(db);
      makeOld(shelf);
      const run = vi.spyOn(db, "run");
      const dropped = [0];
      const wait = scheduler.wait.bind(scheduler);
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        dropped.push(run.mock.calls.filter(([sql]) => sql.startsWith("drop table turn_")).length);
        run.mockClear();
        await wait(ms);
      });
      await work(shelf);
      dropped.push(run.mock.calls.filter(([sql]) => sql.startsWith("drop table turn_")).length);
      vi.restoreAllMocks();
      expect(Math.max(...dropped)).toBe(1);
      expect(volumesOf(db)).toEqual(["turn_search"]);
      expect(tablesOf(shelf)).toEqual(["turn_search"]);
      expect(await idsOf(shelf, '"plum"')).toHaveLength(12);
      await scheduler.wait(1);
      expect(indexedWords(db)).toBe(words);
    }),
  );

  it("cost an account nothing that never searched", () =>
    withShelf(async (shelf) => {
      const { db, search } = shelf;
      shelf.add("s", ["plum"]);
      // Whether it ever searched is asked once.
      await search.forget([1]);
      const [run, scalar] = [vi.spyOn(db, "run"), vi.spyOn(db, "scalar")];
      await search.forget([1]);
      const asked = [...run.mock.calls, ...scalar.mock.calls].map(([sql]) => sql);
      vi.restoreAllMocks();
      expect(asked.filter((sql) => /^insert|^update|sqlite_master/.test(sql))).toEqual([]);
    }));

  it("are dropped at once by what cannot wait", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      await addSessions(shelf, 1, 4);
      makeOld(shelf);
      unindexTurns(db, findSession(db, "s1")!);
      await scheduler.wait(1);
      expect([indexedRows(db), tablesOf(shelf)]).toEqual([0, ["turn_search"]]);
    }));
});

describe("pages of a search of many volumes", () => {
  it("neither miss nor repeat a turn, ranked or newest first", () =>
    withShelf(async (shelf) => {
      const { db, add, search } = shelf;
      await search.begin();
      for (let key = 1; key <= 30; key += 1) {
        add(`s${key}`, Array<string>(40).fill(key % 5 ? "plum" : "plum pear"));
        search.turnWritten(key);
        db.transaction(() => indexSlice(db, [key]));
      }
      const found = async (word: string) => {
        const ids: number[] = [];
        for (let offset = 0, last = 90; last === 90; offset += 90) {
          const page = await idsOf(shelf, word, { limit: 90, offset });
          ids.push(...page);
          last = page.length;
        }
        return ids;
      };
      const [newest, ranked] = [await found('"plum"'), await found('"pear"')];
      const all = Array.from({ length: 30 }, (_none, n) => n + 1)
        .flatMap((key) => Array.from({ length: 40 }, (_none, n) => turnId(key, n + 1)))
        .toReversed();
      expect(newest).toEqual(all);
      expect(ranked.toSorted((a, b) => b - a)).toEqual(all.filter((id) => keyOf(id) % 5 === 0));
    }));
});

describe("ranked hits", () => {
  const words = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const texts = fc.sample(
    fc.tuple(
      fc.array(fc.constantFrom(...words), { maxLength: 12 }),
      fc.option(fc.array(fc.constantFrom(...words, "x-y"), { maxLength: 12 })),
    ),
    { numRuns: 240, seed: 11 },
  );
  const queries = fc.sample(
    fc.uniqueArray(fc.constantFrom(...words, "x-y"), { minLength: 1, maxLength: 4 }),
    {
      numRuns: 60,
      seed: 11,
    },
  );
  const fill = async ({ db, add, turns, search }: Shelf) => {
    await search.begin();
    for (let key = 1; key <= 12; key += 1) {
      add(`s${key}`, []);
      for (let seq = 1; seq <= 20; seq += 1) {
        const [input, output] = texts[(key - 1) * 20 + seq - 1]!;
        turns.insert(
          turnOf(turnId(key, seq), input.join(" "), { output: output?.join(" ") ?? null }),
        );
      }
      search.turnWritten(key);
      db.transaction(() => indexSlice(db, [key]));
    }
    await idsOf({ db } as Shelf, '"a"');
  };

  it.each([VOLUME_BOUNDS.words, 400])("come in the order of FTS5, in volumes of %i words", (size) =>
    withShelf(async (shelf) => {
      useVolumesOf(size);
      const { db } = shelf;
      await fill(shelf);
      expect(volumesOf(db).length > 1).toBe(size === 400);
      // All in one table, as FTS5 itself ranks it.
      db.run(
        "create virtual table one using fts5 (input, output, content = '', tokenize = 'unicode61 remove_diacritics 2')",
      );
      for (const [n, [input, output]] of texts.entries())
        db.run(
          "insert into one (rowid, input, output) values (cast(? as integer), ?, ?)",
          turnId(1 + Math.floor(n / 20), 1 + (n % 20)),
          input.join(" "),
          output?.join(" ") ?? null,
        );
      let ranked = 0;
      for (const some of queries) {
        const query = some.map((word) => `"${word}"`).join(" ");
        const should = db.all<{ id: number }>(
          "select rowid as id from one where one match ? order by rank, rowid desc",
          query,
        );
        const { hits, order } = await shelf.search.search(query, { limit: 1_000, offset: 0 });
        expect(order).toBe("rank");
        const found = hits.map(({ turn_id }) => turn_id);
        if (size === 400 && !(await isWholeStatistics(shelf, query))) continue;
        ranked += 1;
        expect([query, found]).toEqual([query, should.map(({ id }) => id)]);
      }
      expect(ranked).toBeGreaterThan(20);
    }),
  );
});

/** Whether each volume has matches: then all volumes' numbers are those of one table. */
async function isWholeStatistics({ db }: Shelf, query: string): Promise<boolean> {
  return volumesOf(db).every(
    (volume) =>
      sizeOf(db, volume).rows === 0 ||
      db.scalar(`select 1 from ${volume} where ${volume} match ? limit 1`, query) !== null,
  );
}
