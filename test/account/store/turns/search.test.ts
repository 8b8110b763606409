import { beforeEach, describe, expect, it } from "vitest";

import { keyOf, seqOf, turnId } from "../../../../src/shared/ids.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { forgetArchivedTurns } from "../../../../src/account/store/turns/forget-slices.ts";
import {
  forgetTurns,
  reindexTurn,
  unindexTurns,
} from "../../../../src/account/store/turns/indexed-turns.ts";
import { INDEXED_BASE } from "../../../../src/account/store/turns/index-version.ts";
import { matchExpression } from "../../../../src/account/store/turns/match-expression.ts";
import { indexedRows, indexedWords, useVolumesOf } from "../../../support/search-index.ts";
import { VOLUME_BOUNDS } from "../../../../src/account/store/turns/search-volumes.ts";
import { snippetOf } from "../../../../src/account/store/turns/snippet.ts";
import type { SearchFilter } from "../../../../src/account/store/turns/search-filter.ts";
import { JOURNAL } from "../../../../src/account/store/sessions/session-flags.ts";
import { findSession, putDetails } from "../../../../src/account/store/sessions/sessions.ts";
import { THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { Client } from "../../../support/client.ts";

const snippetsOf = (body: { data: { snippet: string }[] }) =>
  body.data.map(({ snippet }) => snippet);

describe("GET /search", () => {
  it("finds the words of both sides, with what matched marked", async () => {
    const client = new Client();
    await client.ask("My name is Alice", { session_id: "s" });
    await client.ask("Where is the Café?", { session_id: "t" });
    const { body } = await client.get("/search?q=cafe");
    expect(body.data[0]).toMatchObject({
      session_id: "t",
      role: "user",
      snippet: "Where is the Café?",
    });
    const [start, end] = body.data[0].highlights[0];
    expect(body.data[0].snippet.slice(start, end)).toBe("Café");
    expect((await client.get("/search?q=nice%20alice")).body.data).toMatchObject([
      { role: "assistant" },
    ]);
  });

  it("sees each new turn at the next search", async () => {
    const client = new Client();
    for (let n = 1; n <= 3; n += 1) {
      await client.ask(`marmalade ${n}`, { session_id: "s" });
      expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(n);
    }
  });

  it("finds what was archived, whose text is in R2", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.get("/search?q=marmalade");
    await client.post("/purge?older_than_days=0.00000001");
    await client.ask("marmalade", { session_id: "live" });
    expect((await client.get("/search?q=marmalade&status=archived")).body.data).toMatchObject([
      { session_id: "s", status: "archived", role: "user", snippet: "marmalade" },
    ]);
    expect((await client.get("/search?q=marmalade&status=live")).body.data).toMatchObject([
      { session_id: "live", status: "live", role: "user" },
    ]);
    await client.post("/archives/s/restore");
    expect((await client.get("/search?q=marmalade&status=live")).body.data).toHaveLength(2);
    expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(2);
  });

  it("knows no word of an archived session that was erased", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.ask("marmalade", { session_id: "stays" });
    await client.get("/search?q=marmalade");
    await client.post("/purge?older_than_days=0.00000001");
    expect((await client.call("DELETE", "/sessions/s")).body.deleted).toBe(true);
    expect((await client.get("/search?q=marmalade")).body.data).toMatchObject([
      { session_id: "stays", status: "archived" },
    ]);
  });

  it("pages", async () => {
    const client = new Client();
    for (let n = 0; n < 5; n += 1) await client.ask(`marmalade ${n}`, { session_id: "s" });
    const first = (await client.get("/search?q=marmalade&limit=3")).body;
    const second = (await client.get("/search?q=marmalade&limit=3&offset=3")).body;
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    expect(new Set([...snippetsOf(first), ...snippetsOf(second)]).size).toBe(5);
  });

  it.each([
    '"',
    "NOT marmalade",
    "foo:x",
    "-x",
    "*",
    "a* OR b",
    "(",
    "NEAR(a b)",
    "' or 1=1 --",
    "^qqq",
    "\u0000qqq",
    "x".repeat(512),
  ])("takes %j as words, not as syntax", async (q) => {
    const client = new Client();
    await client.ask("marmalade");
    const { status, body } = await client.get(`/search?q=${encodeURIComponent(q)}`);
    expect([status, body.code, body.data?.length]).toBeOneOf([
      [200, undefined, 0],
      [422, "invalid_request", undefined],
    ]);
  });
});

const ALL = { limit: 100, offset: 0 };

/** The turns that are found, as `key.seq`. */
async function hits({ search }: Shelf, query: string, filter?: SearchFilter): Promise<string> {
  const found = await search.search(`"${query}"`, ALL, filter);
  return found.hits
    .map(({ turn_id }) => `${keyOf(turn_id)}.${seqOf(turn_id)}`)
    .toSorted()
    .join(" ");
}

describe.each([
  ["one volume", VOLUME_BOUNDS.words],
  ["volumes of few words", 8],
])("the index of %s", (_name, size) => {
  beforeEach(() => useVolumesOf(size));

  it("has final turns: completed ones, and those that another turn follows", () =>
    withShelf(async (shelf) => {
      const { turns, search } = shelf;
      shelf.add("s", ["plum"]);
      turns.insert(turnOf(turnId(1, 2), "plum", { status: "failed", output: null }));
      turns.insert(turnOf(turnId(1, 3), "plum", { status: "in_progress", output: null }));
      expect(await hits(shelf, "plum")).toBe("1.1 1.2");
      turns.update(turnOf(turnId(1, 3), "plum and pear"));
      search.turnWritten(1);
      expect(await hits(shelf, "plum")).toBe("1.1 1.2 1.3");
      expect(await hits(shelf, "pear")).toBe("1.3");
      // A new wake goes on where the last one was.
      shelf.add("t", ["plum"]);
      const woken = { ...shelf, search: new SearchIndex(shelf.db) };
      expect(await hits(woken, "plum")).toBe("1.1 1.2 1.3 2.1");
    }));

  it("has none of the journal's", () =>
    withShelf(async (shelf) => {
      shelf.add("journal/1", ["plum"]);
      shelf.db.run("update sessions set flags = ?", JOURNAL);
      shelf.search.turnWritten(1);
      expect(await hits(shelf, "plum")).toBe("");
      shelf.search.turnWritten(1);
      expect(await hits(shelf, "plum")).toBe("");
    }));

  it("is shown to a caller as far as it is theirs, by role and status", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      for (const [index, details] of [
        { user_id: "u", role: "a" },
        { user_id: "u", role: "b" },
        { user_id: "u" },
        { user_id: "v" },
      ].entries()) {
        shelf.add(`s${index}`, ["plum"]);
        putDetails(db, index + 1, details);
      }
      expect(await hits(shelf, "plum")).toBe("1.1 2.1 3.1 4.1");
      const caller = { key: null, user_id: "u" };
      expect(await hits(shelf, "plum", { caller: { key: null } })).toBe("1.1 2.1 3.1 4.1");
      expect(await hits(shelf, "plum", { caller })).toBe("1.1 2.1 3.1");
      expect(await hits(shelf, "plum", { caller: { ...caller, role: "a" } })).toBe("1.1 3.1");
      db.run("update sessions set segment = 1 where key = 3");
      expect(await hits(shelf, "plum", { caller, status: "live" })).toBe("1.1 2.1");
      expect(await hits(shelf, "plum", { caller, status: "archived" })).toBe("3.1");
      expect(await hits(shelf, "plum", { status: "live" })).toBe("1.1 2.1 4.1");
    }));

  it("indexes sessions before they are archived in accounts that have searched", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      shelf.add("s", ["plum"]);
      shelf.add("t", ["pear"]);
      const archive = async (key: number, isIndexed: boolean) => {
        const search = new SearchIndex(db);
        expect(await search.indexBeforeArchive([])).toBe(isIndexed);
        expect(await search.indexBeforeArchive([key])).toBe(isIndexed);
        shelf.turns.remove([turnId(key, 0), turnId(key + 1, 0)]);
        db.run("update sessions set segment = 1 where key = ?", key);
      };
      await archive(1, false);
      expect(await hits(shelf, "plum")).toBe("");
      expect(await hits(shelf, "pear")).toBe("2.1");
      shelf.add("u", ["plum"]);
      await archive(3, true);
      expect(await hits(shelf, "plum")).toBe("3.1");
      const { hits: found } = await shelf.search.search('"plum"', ALL);
      expect(found).toEqual([
        {
          session_id: "u",
          turn_id: turnId(3, 1),
          status: "archived",
          created_at: null,
          role: null,
          snippet: null,
          highlights: [],
        },
      ]);
    }));

  it("says what a turn says now, and forgets what sessions said that go", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("s", ["plum", "plum", "plum"]);
      shelf.add("t", ["plum"]);
      expect(await hits(shelf, "plum")).toBe("1.1 1.2 1.3 2.1");
      const [before, after] = [
        turns.get(turnId(1, 2))!,
        turnOf(turnId(1, 2), "pear", { output: null }),
      ];
      reindexTurn(db, INDEXED_BASE + 3, before, after);
      turns.update(after);
      expect([await hits(shelf, "plum"), await hits(shelf, "pear")]).toEqual([
        "1.1 1.3 2.1",
        "1.2",
      ]);
      forgetTurns(db, []);
      forgetTurns(db, [{ key: 1, indexed: INDEXED_BASE + 2 }]);
      expect([await hits(shelf, "plum"), await hits(shelf, "pear")]).toEqual(["1.3 2.1", ""]);
      unindexTurns(db, findSession(db, "t")!);
      expect(await hits(shelf, "plum")).toBe("1.3");
      expect(findSession(db, "t")!.indexed).toBe(0);
      unindexTurns(db, findSession(db, "t")!);
      shelf.search.turnWritten(2);
      expect(await hits(shelf, "plum")).toBe("1.3 2.1");
    }));

  it("finds a failed turn before a gap in the numbers, and forgets its session wholly", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("s", ["plum"]);
      turns.insert(turnOf(turnId(1, 2), "plum", { status: "failed", output: null }));
      turns.insert(turnOf(turnId(1, 4), "plum"));
      expect(await hits(shelf, "plum")).toBe("1.1 1.2 1.4");
      unindexTurns(db, findSession(db, "s")!);
      // FTS5 writes its sum of words at the commit, which comes between two events.
      await scheduler.wait(1);
      expect(indexedWords(db)).toBe(0);
      expect(indexedRows(db)).toBe(0);
    }));

  it("forgets archived turns by what the archive says they were", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("s", ["plum", "plum"]);
      turns.insert(turnOf(turnId(1, 3), "plum", { status: "failed", output: null }));
      expect(await hits(shelf, "plum")).toBe("1.1 1.2");
      const all = turns.list(1, { order: "asc", limit: 9 });
      db.run("update sessions set segment = 1");
      turns.remove([turnId(1, 0), turnId(2, 0)]);
      await forgetArchivedTurns(db, 1, all);
      expect(await hits(shelf, "plum")).toBe("");
      expect(findSession(db, "s")!.indexed).toBe(0);
    }));

  it("makes the text of a long archived turn once, however many parts it has", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("s", ["plum", "pear ".repeat(PART_LENGTH)]);
      expect(await hits(shelf, "pear")).toBe("1.2");
      const [first, long] = turns.list(1, { order: "asc", limit: 9 });
      db.run("update sessions set segment = 1");
      turns.remove([turnId(1, 0), turnId(2, 0)]);
      let reads = 0;
      const counting = {
        ...long!,
        get input() {
          reads += 1;
          return long!.input;
        },
      };
      await forgetArchivedTurns(db, 1, [first!, counting]);
      expect(reads).toBe(1);
      expect(await hits(shelf, "pear")).toBe("");
    }));

  it("does not count as up to date what was undone", () =>
    withShelf(async (shelf) => {
      const { db, search } = shelf;
      shelf.add("s", ["plum"]);
      expect(await hits(shelf, "plum")).toBe("1.1");
      expect(() =>
        db.transaction(() => {
          shelf.add("t", ["plum"]);
          search.turnWritten(2);
          throw new Error("undone");
        }),
      ).toThrow("undone");
      shelf.add("u", ["plum"]);
      expect(await hits(shelf, "plum")).toBe("1.1 3.1");
    }));

  it("catches up on many sessions", () =>
    withShelf(async (shelf) => {
      for (let n = 0; n < 501; n += 1) shelf.add(`s${n}`, ["plum"]);
      const { hits: found } = await shelf.search.search('"plum"', { limit: 1_000, offset: 0 });
      expect(found).toHaveLength(501);
    }));

  it("ranks what matches, and has the newest first where too much does", () =>
    withShelf(async (shelf) => {
      shelf.add("s", []);
      shelf.add("t", ["plum plum plum plum plum"]);
      const turns = Array.from({ length: 998 }, (_, n) =>
        turnOf(turnId(1, n + 1), "there was a plum somewhere", { output: null }),
      );
      shelf.turns.insertAll(turns);
      shelf.turns.insert(turnOf(turnId(1, 999), "plum of plums plum", { output: "plum" }));
      const page = async (limit: number, offset: number) => {
        const found = await shelf.search.search('"plum"', { limit, offset });
        return [found.order, found.hits.map(({ turn_id }) => turn_id), found.has_more];
      };
      expect(await page(1, 0)).toEqual(["rank", [turnId(2, 1)], true]);
      expect(await page(1, 999)).toEqual(["rank", [expect.any(Number)], false]);
      shelf.turns.insert(turnOf(turnId(1, 1_000), "plum"));
      shelf.search.turnWritten(1);
      expect(await page(2, 1)).toEqual(["newest", [turnId(1, 1_000), turnId(1, 999)], true]);
    }));
});

/** The first of what is found of "plum" in a turn. */
const hit = async (input: string, output: string | null) => {
  let found: unknown;
  await withShelf(async ({ add, turns, search }) => {
    add("s", []);
    turns.insert(turnOf(turnId(1, 1), input, { output }));
    found = (await search.search('"plum"', ALL)).hits[0];
  });
  return found;
};

describe("a hit", () => {
  it("is of the side on which more matches, with the places in its snippet", async () => {
    expect(await hit("a plum and a plum", "one plum")).toEqual({
      session_id: "s",
      turn_id: turnId(1, 1),
      status: "live",
      created_at: THEN,
      role: "user",
      snippet: "a plum and a plum",
      highlights: [
        [2, 6],
        [13, 17],
      ],
    });
    expect(await hit("Which fruit?", "The plum.")).toMatchObject({
      role: "assistant",
      snippet: "The plum.",
      highlights: [[4, 8]],
    });
    expect(await hit("plum", "plum")).toMatchObject({ role: "user" });
    expect(await hit("plum", null)).toMatchObject({ role: "user", highlights: [[0, 4]] });
    const long = `${"x ".repeat(100)}plum${" y".repeat(100)}`;
    expect(await hit(long, null)).toMatchObject({ snippet: expect.stringMatching(/^….*plum.*…$/) });
  });

  it("has its places where the text has marks of its own, too", async () => {
    expect(await hit("\uE001 plum \uE001 end", null)).toMatchObject({
      snippet: "\uE001 plum \uE001 end",
      highlights: [[2, 6]],
    });
  });
});

it("takes each word as it was typed, and none for nothing", () => {
  expect(matchExpression("two  words\nhere")).toBe('"two" "words" "here"');
  expect(matchExpression(' say "hi" - now ')).toBe('"say" """hi""" "now"');
  expect(matchExpression("é 3")).toBe('"é" "3"');
  expect(matchExpression(" -- \u0000 ")).toBeNull();
  expect(matchExpression("")).toBeNull();
  expect(matchExpression("a A \u00e1 b a")).toBe('"a" "b"');
  const many = Array.from({ length: 17 }, (_none, n) => `w${n}`);
  expect(matchExpression(many.slice(1).join(" "))).not.toBeNull();
  expect(() => matchExpression(many.join(" "))).toThrow("16 different words");
  expect(() => matchExpression(many.join("-"))).toThrow("16 different words");
});

describe("the work of a search", () => {
  it("is bounded for a text that is nothing but matches", () => {
    const text = "la ".repeat(600_000);
    let looked = 0;
    const counted = {
      length: text.length,
      slice: (from: number, to: number) => ((looked += to - from), text.slice(from, to)),
    };
    const { snippet, highlights } = snippetOf(counted as unknown as string, [["la"]]);
    expect(highlights).toHaveLength(24);
    expect(snippet.length).toBeLessThan(100);
    expect(looked).toBeLessThan(200_000);
  });

  it("goes past what comes before the match, a NUL too", () => {
    const late = `${"x ".repeat(20_000)}\u0000 plum`;
    expect(snippetOf(late, [["plum"]])).toMatchObject({ snippet: expect.stringMatching(/plum$/) });
    expect(snippetOf("a\u0000plum", [["plum"]]).highlights).toEqual([[2, 6]]);
  });

  it("ranks a few matches, and takes the newest of texts that are long", async () => {
    const client = new Client();
    await client.ask("the plum", { session_id: "s" });
    expect((await client.get("/search?q=plum")).body).toMatchObject({ order: "rank" });
    for (let n = 0; n < 6; n += 1) await client.ask("plum ".repeat(40_000), { session_id: "s" });
    const { body } = await client.get("/search?q=plum");
    expect(body).toMatchObject({ order: "newest", data: { length: 7 } });
    const refused = await client.get(
      `/search?q=${Array.from({ length: 17 }, (_none, n) => `w${n}`).join("+")}`,
    );
    expect(refused).toMatchObject({ status: 422, body: { param: "q" } });
  });
});
