import * as fc from "fast-check";
import { afterEach, describe, expect, inject, it, vi } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { searchedText } from "../../../../src/shared/searched-text.ts";
import { SLICE_BYTES } from "../../../../src/account/store/turns/index-slices.ts";
import { matchExpression } from "../../../../src/account/store/turns/match-expression.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { VOLUME_BOUNDS, volumesOf } from "../../../../src/account/store/turns/search-volumes.ts";
import { SEARCH_BOUNDS, matchesIn } from "../../../../src/account/store/turns/search-matches.ts";
import { snippetOf } from "../../../../src/account/store/turns/snippet.ts";
import { useVolumesOf } from "../../../support/search-index.ts";
import { turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { countPieces } from "../../../support/count-pieces.ts";
import { putDetails } from "../../../../src/account/store/sessions/sessions.ts";

const ALL = { limit: 100, offset: 0 };
/** Words of a small volume, of which an account has many. */
const FEW = 60;

afterEach(() => void vi.restoreAllMocks());

/** Fills the account a bit at a time: each bit is indexed in a transaction of its own, and may begin a volume. */
async function fillInPieces(shelf: Shelf, texts: readonly string[], length = 20): Promise<void> {
  shelf.add("s", []);
  // From now on it indexes.
  await shelf.search.begin();
  for (let from = 0; from < texts.length; from += length) {
    const some = texts.slice(from, from + length);
    shelf.turns.insertAll(
      some.map((text, n) => turnOf(turnId(1, from + n + 1), text, { output: null })),
    );
    shelf.search.turnWritten(1);
    await shelf.search.indexBeforeArchive([1]);
  }
  await shelf.search.search('"nothing"', ALL);
}

const fill = ({ add, turns }: Shelf, texts: readonly string[]) => {
  add("s", []);
  turns.insertAll(texts.map((text, n) => turnOf(turnId(1, n + 1), text, { output: null })));
};

describe("a search of many volumes", () => {
  it("finds what matches, newest first, whatever is stored and asked", () =>
    withShelf(async (shelf) => {
      useVolumesOf(FEW);
      const words = ["a", "b", "c", "d"];
      const text = fc.array(fc.constantFrom(...words), { maxLength: 4 });
      const texts = fc.sample(text, { numRuns: 400, seed: 7 });
      await fillInPieces(
        shelf,
        texts.map((some) => some.join(" ")),
      );
      const volumes = volumesOf(shelf.db);
      expect(volumes.length).toBeGreaterThan(15);
      const query = fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(query, fc.integer({ min: 1, max: 9 }), (some, batch) => {
          const terms = some.map((word) => `"${word}"`).join(" ");
          const steps = [...matchesIn(shelf.db, volumes.toReversed(), terms, batch)];
          const found = steps.flatMap((step) => ("found" in step ? [step.found.id] : []));
          const should = texts.flatMap((all, n) =>
            some.every((word) => all.includes(word)) ? [turnId(1, n + 1)] : [],
          );
          expect(found).toEqual(should.toReversed());
          const reads = steps.flatMap((step) => ("read" in step ? [step.read] : []));
          expect(Math.max(...reads)).toBeLessThanOrEqual(batch);
        }),
        { seed: 7, numRuns: 200 },
      );
    }));

  it("answers as in one volume, by page and by caller, ranked and newest first", async () => {
    const answers: unknown[][] = [];
    for (const words of [FEW, VOLUME_BOUNDS.words])
      await withShelf(async (shelf) => {
        useVolumesOf(words);
        await fillInPieces(
          shelf,
          Array.from({ length: 1_100 }, (_, n) => (n % 11 ? "plum fig" : "plum pear")),
        );
        shelf.add("t", ["plum pear", "pear"]);
        putDetails(shelf.db, 2, { user_id: "u" });
        shelf.search.turnWritten(2);
        const caller = { key: null, user_id: "u" };
        const all: unknown[] = [];
        for (const query of ['"plum" "pear"', '"plum"'])
          for (const filter of [{}, { caller }, { status: "archived" as const }])
            for (const page of [ALL, { limit: 3, offset: 5 }, { limit: 50, offset: 1_070 }]) {
              const { hits, ...rest } = await shelf.search.search(query, page, filter);
              const ids = hits.map(({ turn_id }) => turn_id);
              // Rows that say the same rank by the lengths of their volumes.
              all.push([rest, rest.order === "newest" ? ids : ids.length]);
            }
        answers.push(all);
        expect(volumesOf(shelf.db).length > 1).toBe(words === FEW);
      });
    expect(answers[0]).toEqual(answers[1]);
    expect(JSON.stringify(answers[0])).toContain('"newest"');
  });

  it("ends after so many turns, and says that it did", () =>
    withShelf(async (shelf) => {
      useVolumesOf(FEW);
      await fillInPieces(shelf, Array<string>(300).fill("plum"));
      const found = async (turns: number) => {
        const bounds = { ...SEARCH_BOUNDS, batch: 8, turns };
        const caller = { key: null, user_id: "u" };
        return new SearchIndex(shelf.db, bounds).search('"plum"', ALL, { caller });
      };
      expect(await found(40)).toMatchObject({ hits: [], complete: false });
      expect(await found(300)).toMatchObject({ hits: [], complete: true });
    }));

  it("looks in so many volumes, the newest ones, and says where there are more", () =>
    withShelf(async (shelf) => {
      useVolumesOf(FEW);
      await fillInPieces(shelf, [...Array<string>(100).fill("plum"), "pear"]);
      const found = async (word: string) => {
        const search = new SearchIndex(shelf.db, { ...SEARCH_BOUNDS, volumes: 2 });
        const { hits, complete } = await search.search(word, ALL);
        return [hits.length, complete];
      };
      expect((await found('"pear"'))[0]).toBe(1);
      const [plums, isWhole] = await found('"plum"');
      expect(plums).toBeGreaterThan(0);
      expect(plums).toBeLessThan(60);
      expect(isWhole).toBe(false);
    }));
});

describe("each piece of a search", () => {
  const HOSTILE = {
    "one letter, over and over": ["a ".repeat(60_000)],
    "long texts of the same words": [
      "la le li lo lu ".repeat(4_000),
      "a b c d e f g ".repeat(4_000),
    ],
    "words that are never together": ["alpha x", "beta y"],
    "no word boundary": ["a".repeat(60_000)],
  };
  const cases = Object.entries(HOSTILE).flatMap(([name, texts]) =>
    [VOLUME_BOUNDS.words, 20_000].map((size) => [name, size, texts] as const),
  );
  it.each(cases)("is bounded: %s, in volumes of %i words", (_name, size, texts) =>
    withShelf(async (shelf) => {
      useVolumesOf(size);
      fill(
        shelf,
        Array.from({ length: 1_500 }, (_, n) =>
          n % 300 < 8 ? (texts[n % texts.length] ?? "") : `alpha beta a la ${n}`,
        ),
      );
      const { pieces, indexed } = countPieces(shelf.db);
      for (const batch of [SEARCH_BOUNDS.batch, 8]) {
        const search = new SearchIndex(shelf.db, { ...SEARCH_BOUNDS, batch });
        for (const q of ["a", "la", "alpha beta", "a la le li lo lu x y", "a".repeat(512)])
          await search.search(matchExpression(q) ?? "", ALL);
      }
      // Ranking looks at 1,000 turns of a bounded number of words, and no piece reads the texts of more than a slice's turns, or a hit.
      expect(Math.max(...pieces.map(({ rows }) => rows))).toBeLessThanOrEqual(2_500);
      expect(Math.max(...pieces.map(({ statements }) => statements))).toBeLessThanOrEqual(40);
      expect(Math.max(...pieces.map(({ read }) => read))).toBeLessThanOrEqual(2 * 120_000);
      expect(indexed.size).toBeGreaterThan(1);
      expect(Math.max(...indexed.values())).toBeLessThanOrEqual(SLICE_BYTES);
    }),
  );

  it("comes a turn of the event loop after the piece before, of whichever search that is", () =>
    withShelf(async (shelf) => {
      const long = "a b c d e f g ".repeat(6_000);
      fill(shelf, ["alpha plum", ...Array.from({ length: 40 }, () => "alpha beta"), long, long]);
      const wait = scheduler.wait.bind(scheduler);
      const waiting = { now: 0, most: 0, times: 0 };
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        waiting.now += 1;
        waiting.times += 1;
        waiting.most = Math.max(waiting.most, waiting.now);
        await wait(ms);
        waiting.now -= 1;
      });
      const queries = ['"alpha"', '"a" "g"', '"alpha" "plum"', '"beta"'];
      useVolumesOf(FEW);
      const searches = queries.map((query) => shelf.search.search(query, ALL));
      const found = (await Promise.all(searches)).map(({ hits }) => hits.length);
      expect(found).toEqual([41, 2, 1, 40]);
      expect(waiting.times).toBeGreaterThan(100);
      // Two that wait at once may do their pieces in one turn of the event loop.
      expect(waiting.most).toBe(1);
    }));

  it("merges what it adds to the index by itself, a bounded number of pages at a time", () =>
    withShelf(async (shelf) => {
      const turns = inject("isLarge") ? 40 : 20;
      const words = Array.from({ length: turns * 6_000 }, (_, n) => `w${n.toString(36)}`);
      fill(
        shelf,
        Array.from({ length: turns }, (_, n) => words.slice(n * 6_000, (n + 1) * 6_000).join(" ")),
      );
      // SQLite compares: the index is too large to be handed over at each turn of the event loop.
      shelf.db.run("create table before (id integer primary key, block)");
      const changed =
        "turn_search_data d left join before b using (id) where d.block is not b.block";
      const countWritten = (): number => {
        const pages = shelf.db.scalar<number>(`select count(*) from ${changed}`) ?? 0;
        shelf.db.run(`insert or replace into before select d.id, d.block from ${changed}`);
        shelf.db.run("delete from before where id not in (select id from turn_search_data)");
        return pages;
      };
      countWritten();
      const written: number[] = [];
      const wait = scheduler.wait.bind(scheduler);
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        written.push(countWritten());
        await wait(ms);
      });
      expect((await shelf.search.search('"w1"', ALL)).hits).toHaveLength(1);
      // A merge writes 32 pages, and a slice of 64 KiB 50, where all of its words are different and short.
      expect(Math.max(...written)).toBeLessThanOrEqual(50);
      expect(written.filter((pages) => pages > 0).length).toBeGreaterThan(turns);
    }));

  it("puts no picture of a turn together, and parses little of a long text for its hit", () =>
    withShelf(async (shelf) => {
      const image_url = `data:image/png;base64,${"iVBORw0K".repeat(400_000)}`;
      const text = `plum ${"pear ".repeat(400_000)}`;
      const content = [
        { type: "input_image" as const, image_url },
        { type: "input_text" as const, text },
      ];
      shelf.add("s", []);
      const input = [{ type: "message" as const, role: "user" as const, content }];
      shelf.turns.insert(turnOf(turnId(1, 1), "", { input, output: null }));
      const parse = vi.spyOn(JSON, "parse");
      const longest = async () => {
        const { hits } = await shelf.search.search('"plum"', ALL);
        expect(hits[0]?.snippet).toMatch(/^plum pear/);
        const lengths = parse.mock.calls.map(([json]) => json.length);
        parse.mockClear();
        return Math.max(...lengths);
      };
      // The first search indexes the text.
      expect(await longest()).toBe(text.length + 2);
      expect(await longest()).toBeLessThanOrEqual(192 * 1024 + 2);
    }));

  it.each([
    ["words", "plum ", "pear ", 32],
    ["words of three bytes a unit", "plum ", "漢字 ", 32],
    ["words after U+0000", "fig\u0000 plum ", "pear\u0000 ", 32],
    ["a word that comes late", "pear ".repeat(26_000), "plum pear ", 32 + 416],
  ])("reads the beginning of a long text for its hit: of %s", (_name, first, rest, kib) =>
    withShelf(async (shelf) => {
      const text = first + rest.repeat(100_000);
      fill(shelf, [text]);
      await shelf.search.search('"plum"', ALL);
      const { pieces } = countPieces(shelf.db);
      const { hits } = await shelf.search.search('"plum"', ALL);
      expect(hits).toMatchObject([snippetOf(text, [["plum"]])]);
      expect(hits[0]?.highlights.length).toBeGreaterThan(0);
      const bytes = pieces.reduce((sum, each) => sum + each.read, 0);
      expect(bytes).toBeLessThanOrEqual(kib * 1024);
    }),
  );

  it("gives a hit the snippet that the whole texts have, whatever of them it reads", () =>
    withShelf(async (shelf) => {
      const run = fc.constantFrom(
        "pear ",
        "plum ",
        "漢字 ",
        "\u{1f351}",
        "a\u0000b ",
        "Zm9v",
        `data:image/png;base64,${"iVBORw0K".repeat(90)} `,
      );
      const text = fc
        .array(fc.tuple(run, fc.nat(3_000)), { minLength: 1, maxLength: 6 })
        .map((runs) => runs.map(([some, times]) => some.repeat(times)).join(" "))
        // Those are indexed as a row each, and none is read in part past its 416 KiB.
        .map((some) => some.slice(0, 60_000).toWellFormed());
      const texts = fc.sample(fc.tuple(text, fc.option(text)), { seed: 7, numRuns: 80 });
      shelf.add("s", []);
      shelf.turns.insertAll(
        texts.map(([input, output], n) => turnOf(turnId(1, n + 1), input, { output })),
      );
      const { hits } = await shelf.search.search('"plum"', ALL);
      expect(hits.length).toBeGreaterThan(30);
      for (const { turn_id, role, snippet, highlights } of hits) {
        const [input, output] = texts[(turn_id % 1_048_576) - 1] ?? ["", null];
        const whole = searchedText({ input, output });
        const user = snippetOf(whole.input, [["plum"]]);
        const assistant = snippetOf(whole.output ?? "", [["plum"]]);
        const isAssistants = assistant.highlights.length > user.highlights.length;
        expect({ role, snippet, highlights }).toEqual(
          isAssistants ? { role: "assistant", ...assistant } : { role: "user", ...user },
        );
      }
    }));

  it("looks at no word of a text past the snippet, where its beginning matches", () => {
    const folded = vi.spyOn(String.prototype, "normalize");
    const { snippet, highlights } = snippetOf("plum ".repeat(2_000), [["plum"]]);
    expect(snippet).toBe(`${"plum ".repeat(24).trimEnd()}…`);
    expect(highlights).toHaveLength(24);
    // And at the one after them, which says that there is more.
    expect(folded).toHaveBeenCalledTimes(25);
  });

  it("reads nothing of a picture for a hit, and little of a long text", () =>
    withShelf(async (shelf) => {
      const image_url = `data:image/png;base64,${"iVBORw0K".repeat(1_000_000)}`;
      const content = [
        { type: "input_text" as const, text: `plum ${"pear ".repeat(700_000)}` },
        { type: "input_image" as const, image_url },
      ];
      shelf.add("s", []);
      const input = [{ type: "message" as const, role: "user" as const, content }];
      shelf.turns.insert(turnOf(turnId(1, 1), "", { input, output: null }));
      await shelf.search.search('"plum"', ALL);
      const { pieces } = countPieces(shelf.db);
      const { hits } = await shelf.search.search('"plum"', ALL);
      expect(hits).toMatchObject([{ highlights: [[0, 4]] }]);
      // Of 23 pieces of 512 Ki characters: the first, two where the text begins, and the last.
      expect(pieces.reduce((sum, each) => sum + each.read, 0)).toBeLessThanOrEqual(4 * 512 * 1024);
    }));

  it("reads all of a text that begins with data, of which it finds nothing", () =>
    withShelf(async (shelf) => {
      const picture = `data:image/png;base64,${"iVBORw0K".repeat(100_000)}`;
      fill(shelf, [`${picture} plum`]);
      const { hits } = await shelf.search.search('"plum"', ALL);
      expect(hits).toMatchObject([{ snippet: "… plum", highlights: [[2, 6]] }]);
    }));

  it("indexes a text that is longer than a slice in parts", () =>
    withShelf(async (shelf) => {
      fill(shelf, ["plum", "pear ".repeat(SLICE_BYTES / 4), "plum"]);
      const { indexed } = countPieces(shelf.db);
      expect((await shelf.search.search('"plum"', ALL)).hits).toHaveLength(2);
      expect(indexed.size).toBe(4);
    }));

  it("ends also while others write at every turn of the event loop", () =>
    withShelf(async (shelf) => {
      shelf.add("s", ["plum"]);
      let last = 1;
      const { pieces } = countPieces(shelf.db, () => {
        if (last === 400) return;
        last += 1;
        shelf.turns.insert(turnOf(turnId(1, last), "plum"));
        shelf.search.turnWritten(1);
      });
      const found = await shelf.search.search('"plum"', ALL);
      expect(found.hits.length).toBeGreaterThan(1);
      expect(pieces.length).toBeLessThan(100);
    }));

  it("lets others write while the account is first indexed, and finds what they wrote", () =>
    withShelf(async (shelf) => {
      for (let n = 0; n < 40; n += 1) shelf.add(`s${n}`, [`plum ${"x ".repeat(20_000)}`]);
      const { pieces } = countPieces(shelf.db, (count) => {
        if (count !== 4) return;
        shelf.turns.insert(turnOf(turnId(1, 2), "plum, written meanwhile"));
        shelf.search.turnWritten(1);
      });
      const [first, second] = await Promise.all([
        shelf.search.search('"plum"', ALL),
        shelf.search.search('"plum"', ALL),
      ]);
      expect([first.hits.length, second.hits.length]).toEqual([41, 41]);
      expect(pieces.length).toBeGreaterThan(5);
    }));
});
