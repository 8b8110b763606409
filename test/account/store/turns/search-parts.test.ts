import { beforeEach, describe, expect, inject, it, vi } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { searchedText } from "../../../../src/shared/searched-text.ts";
import { countIndexedOf } from "../../../../src/account/store/erasure/erased-rows.ts";
import { removeSession } from "../../../../src/account/store/erasure/drop-session.ts";
import { findSession, putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { forgetArchivedTurns } from "../../../../src/account/store/turns/forget-slices.ts";
import { indexSlice } from "../../../../src/account/store/turns/index-slices.ts";
import { dropOldIndex } from "../../../../src/account/store/turns/index-version.ts";
import {
  indexRows,
  markIndexed,
  reindexTurn,
  unindexTurns,
} from "../../../../src/account/store/turns/indexed-turns.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import { indexedRows, indexedWords, useVolumesOf } from "../../../support/search-index.ts";
import { SEARCH_BOUNDS } from "../../../../src/account/store/turns/search-matches.ts";
import { VOLUME_BOUNDS } from "../../../../src/account/store/turns/search-volumes.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";

const ALL = { limit: 100, offset: 0 };

/** Words that are all different, of so many characters in all. */
const differentWords = (length: number, name = "w"): string[] =>
  Array.from(
    { length: Math.ceil(length / 8) },
    (_none, n) => `${name}${String(n).padStart(6, "0")}`,
  );
/** More than are indexed in one step. */
const PARTS = inject("isLarge") ? 12 : 5;
const longText = (length = PARTS * PART_LENGTH, name = "w"): string =>
  differentWords(length, name).join(" ");

/** The turns that are found, sorted newest first, as `key.seq`. */
async function found({ db }: Shelf, query: string): Promise<string> {
  // Each statement reads two parts.
  const { hits } = await new SearchIndex(db, { ...SEARCH_BOUNDS, batch: 2 }).search(query, ALL);
  return hits
    .toSorted((a, b) => b.turn_id - a.turn_id)
    .map(({ turn_id }) => `${Math.floor(turn_id / 2 ** 20)}.${turn_id % 2 ** 20}`)
    .join(" ");
}

/** What the index holds. FTS5 writes its sum of words at the commit, which comes between two events. */
async function left({ db }: Shelf) {
  await scheduler.wait(1);
  return {
    words: indexedWords(db),
    rows: indexedRows(db),
    parts: db.scalar("select count(*) from search_parts"),
  };
}
const NOTHING = { words: 0, rows: 0, parts: 0 };

describe.each([
  ["one volume", VOLUME_BOUNDS.words],
  ["volumes of few words", 3_000],
])("a turn that is too long for one row of an index of %s", (_volumes, size) => {
  beforeEach(() => useVolumesOf(size));

  it("is found by each of its words, on both sides, wherever a part ends", () =>
    withShelf(async (shelf) => {
      const words = differentWords(200_000);
      shelf.add("s", []);
      shelf.turns.insert(
        turnOf(turnId(1, 1), words.join(" "), { output: longText(100_000, "answered") }),
      );
      await found(shelf, '"w000000"');
      const ends = shelf.db.all<{ ends: number }>(
        "select ends from search_parts where side = 'input' order by id",
      );
      expect(ends).toHaveLength(25);
      const near = ends.flatMap(({ ends: at }) => [Math.floor(at / 8) - 1, Math.floor(at / 8)]);
      const some = Array.from({ length: 50 }, (_none, n) => n * 497);
      for (const word of [...near, ...some].flatMap((n) => words[n] ?? []))
        expect([word, await found(shelf, `"${word}"`)]).toEqual([word, "1.1"]);
      expect(await found(shelf, '"answered000000"')).toBe("1.1");
      expect(await found(shelf, '"absent"')).toBe("");
    }));

  it("is found by words of different parts, among short turns", () =>
    withShelf(async (shelf) => {
      const long = `plum ${longText()} pear`;
      shelf.add("s", [long, "plum", "plum pear", long, "pear"]);
      shelf.add("t", ["plum and pear", `plum ${longText()}`, `${longText()} plum-pear`]);
      expect(await found(shelf, '"plum" "pear"')).toBe("2.3 2.1 1.4 1.3 1.1");
      expect(await found(shelf, '"plum"')).toBe("2.3 2.2 2.1 1.4 1.3 1.2 1.1");
      expect(await found(shelf, '"plum" "w000001" "absent"')).toBe("");
      expect(await found(shelf, '"pear-plum"')).toContain("2.3");
    }));

  it("ranks with the others, by its best part that has all the words", () =>
    withShelf(async (shelf) => {
      const rare = longText(2 * PART_LENGTH);
      shelf.add("s", [
        `plum ${rare}`,
        "plum fig",
        `${rare} plum plum plum pear`,
        "plum and a pear",
      ]);
      shelf.add("t", [`pear ${rare} plum`]);
      const ranked = async (query: string, limit = 9, offset = 0) => {
        const result = await shelf.search.search(query, { limit, offset });
        return [result.order, ...result.hits.map(({ turn_id }) => turn_id)];
      };
      const [first, second, third, fourth] = [1, 2, 3, 4].map((seq) => turnId(1, seq));
      const apart = turnId(2, 1);
      // Words of different parts have no rank.
      expect(await ranked('"plum" "pear"')).toEqual(["rank", fourth, third, apart]);
      expect(await ranked('"plum" "pear"', 1, 2)).toEqual(["rank", apart]);
      expect(await ranked('"plum"')).toEqual(["rank", third, second, fourth, apart, first]);
    }));

  it("pages with the others, newest first, and is shown to its caller alone", () =>
    withShelf(async (shelf) => {
      const { search } = shelf;
      // Both together have more words than are ranked.
      const long = `plum ${longText(60 * PART_LENGTH)}`;
      shelf.add("s", ["plum", long, "plum", long, "plum"]);
      const page = async (limit: number, offset: number) => {
        const result = await search.search('"plum"', { limit, offset });
        return [
          result.order,
          result.has_more,
          ...result.hits.map(({ turn_id }) => turn_id % 2 ** 20),
        ];
      };
      expect(await page(2, 0)).toEqual(["newest", true, 5, 4]);
      expect(await page(2, 2)).toEqual(["newest", true, 3, 2]);
      expect(await page(2, 4)).toEqual(["newest", false, 1]);
      const caller = { key: null, user_id: "u" };
      expect((await search.search('"plum"', ALL, { caller })).hits).toEqual([]);
      expect((await search.search('"plum"', ALL)).hits[1]).toMatchObject({
        role: "user",
        snippet: expect.stringMatching(/^plum /),
      });
    }));

  it("is indexed some parts at a time, also the longest that an import may bring", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      shelf.add("s", []);
      shelf.turns.insert(turnOf(turnId(1, 1), longText(1_900_000), { output: null }));
      const steps: number[] = [];
      for (let keys = [1], before = 0; keys.length > 0;) {
        keys = indexSlice(db, keys);
        await scheduler.wait(1);
        steps.push(indexedWords(db) - before);
        before = indexedWords(db);
      }
      expect(steps.length).toBeGreaterThan(28);
      expect(Math.max(...steps)).toBeLessThanOrEqual((8 * PART_LENGTH) / 8 + 8);
      expect(indexedWords(db)).toBe(1_900_000 / 8);
      expect(await found(shelf, '"w237499"')).toBe("1.1");
    }));

  it("goes where the version before has it in one row, and is in parts when it is indexed again", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      const text = `plum ${longText(3 * PART_LENGTH)}`;
      shelf.add("s", [text, text, text]);
      const all = [1, 2, 3].map((seq) => turns.get(turnId(1, seq))!);
      dropOldIndex(db);
      indexRows(
        db,
        all.map((turn) => [turn.id, searchedText(turn)]),
      );
      markIndexed(db, [[1, 3]]);
      expect(await found(shelf, '"plum"')).toBe("1.3 1.2 1.1");
      const shorter = turnOf(turnId(1, 2), "fig");
      db.transaction(() => {
        reindexTurn(db, findSession(db, "s")!.indexed, all[1]!, shorter);
        turns.update(shorter);
      });
      expect(await found(shelf, '"plum"')).toBe("1.3 1.1");
      await shelf.search.forget([1]);
      expect(await left(shelf)).toEqual(NOTHING);
      expect(await found(shelf, '"plum"')).toBe("1.3 1.1");
      expect(await left(shelf)).toMatchObject({ rows: 17, parts: 16 });
    }));

  it("cuts a word only where there is no space for long, and no character", () =>
    withShelf(async (shelf) => {
      shelf.add("s", [`x${"😀".repeat(PART_LENGTH)} plum`]);
      expect(await found(shelf, '"plum"')).toBe("1.1");
      const texts = shelf.db.all<{ begins: number }>(
        "select begins from search_parts where side = 'input' and begins > 0",
      );
      expect(texts.every(({ begins }) => begins % 2 === 1)).toBe(true);
    }));

  it.each([
    ["of minified JSON", (word: string) => `"${word}":1,`],
    ["between full stops of Chinese", (word: string) => `${word}。`],
    ["between pictures", (word: string) => `${word}😀`],
    ["with an accent of its own", (word: string) => `${word}e\u0301-`],
  ])("cuts no word %s, where there is no space", (_name, of) =>
    withShelf(async (shelf) => {
      const words = differentWords(3 * PART_LENGTH);
      const text = words.map(of).join("");
      shelf.add("s", [text]);
      const wordOf = (word: string) => (of("").includes("e\u0301") ? `${word}e` : word);
      await found(shelf, '"w000000"');
      const ends = shelf.db.all<{ ends: number }>(
        "select ends from search_parts where side = 'input' order by id",
      );
      expect(ends.length).toBeGreaterThan(3);
      const each = of("w000000").length;
      for (const word of ends.flatMap(({ ends: at }) =>
        words.slice(Math.max(0, Math.floor(at / each) - 1)).slice(0, 3),
      ))
        expect([word, await found(shelf, `"${wordOf(word)}"`)]).toEqual([word, "1.1"]);
      const changed = `${text}plum`;
      const { indexed } = findSession(shelf.db, "s")!;
      const before = shelf.turns.get(turnId(1, 1))!;
      const after = turnOf(turnId(1, 1), changed);
      reindexTurn(shelf.db, indexed, before, after);
      shelf.turns.update(after);
      expect(await found(shelf, '"plum"')).toBe("1.1");
      await shelf.search.forget([1]);
      expect(await left(shelf)).toEqual(NOTHING);
    }),
  );

  it("ranks no turn of other users, however many match", () =>
    withShelf(async (shelf) => {
      shelf.add("other", Array<string>(300).fill("plum plum"));
      shelf.add("own", [`plum ${longText(2 * PART_LENGTH)}`, "plum"]);
      putDetails(shelf.db, 2, { user_id: "u" });
      const all = vi.spyOn(shelf.db, "all");
      const { hits, order } = await shelf.search.search('"plum"', ALL, {
        caller: { key: null, user_id: "u" },
      });
      const ranked = all.mock.results.filter((_result, at) =>
        all.mock.calls[at]?.[0].includes("f.rank as score"),
      );
      all.mockRestore();
      expect([order, hits.length]).toEqual(["rank", 2]);
      // The first turn ranks by both of its sides.
      expect(ranked.flatMap(({ value }) => value as unknown[])).toHaveLength(3);
    }));

  it("leaves no word in the index when it changes, and none when it goes", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      const say = (text: string) => {
        const [before, after] = [turns.get(turnId(1, 1))!, turnOf(turnId(1, 1), text)];
        reindexTurn(db, findSession(db, "s")!.indexed, before, after);
        turns.update(after);
      };
      shelf.add("s", [`plum ${longText()}`]);
      expect(await found(shelf, '"plum"')).toBe("1.1");
      say("pear");
      expect([await found(shelf, '"plum"'), await found(shelf, '"pear"')]).toEqual(["", "1.1"]);
      expect(indexedWords(db)).toBe(2);
      say(`fig ${longText()}`);
      expect([await found(shelf, '"pear"'), await found(shelf, '"fig"')]).toEqual(["", "1.1"]);
      unindexTurns(db, findSession(db, "s")!);
      expect(await left(shelf)).toEqual(NOTHING);
      expect(await found(shelf, '"fig"')).toBe("1.1");
      expect(await countIndexedOf(db, [1])).toBe(1);
      removeSession(db, findSession(db, "s")!, THEN);
      expect(await left(shelf)).toEqual(NOTHING);
      expect(await countIndexedOf(db, [1])).toBe(0);
    }));

  it("leaves no word in the index when it goes or changes half indexed", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      for (const id of ["s", "t", "u"]) shelf.add(id, [`plum ${longText()}`]);
      for (const key of [1, 2, 3]) expect(indexSlice(db, [key])).toEqual([key]);
      expect(await left(shelf)).toMatchObject({ parts: 24 });
      removeSession(db, findSession(db, "s")!, THEN);
      unindexTurns(db, findSession(db, "t")!);
      reindexTurn(db, 0, turns.get(turnId(3, 1))!, turnOf(turnId(3, 1), "pear"));
      expect(await left(shelf)).toEqual(NOTHING);
      turns.update(turnOf(turnId(3, 1), "pear"));
      expect(await found(shelf, '"plum"')).toBe("2.1");
    }));

  it("keeps its words when it is archived, and loses them with the archive", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("s", [`plum ${longText()} pear`]);
      // A search that was broken off began it.
      indexSlice(db, [1]);
      await new SearchIndex(db).indexBeforeArchive([1]);
      const all = turns.list(1, { order: "asc", limit: 9 });
      turns.remove([turnId(1, 0), turnId(2, 0)]);
      db.run("update sessions set segment = 1");
      expect(await found(shelf, '"plum" "pear"')).toBe("1.1");
      await forgetArchivedTurns(db, 1, all);
      expect(await left(shelf)).toEqual(NOTHING);
    }));
});
