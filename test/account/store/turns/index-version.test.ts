import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { wordsMissing } from "../../../../src/account/store/archive/archived-words.ts";
import { countIndexedOf } from "../../../../src/account/store/erasure/erased-rows.ts";
import { removeSession } from "../../../../src/account/store/erasure/drop-session.ts";
import { findSession } from "../../../../src/account/store/sessions/sessions.ts";
import { dropOldIndex } from "../../../../src/account/store/turns/index-version.ts";
import { indexSlice } from "../../../../src/account/store/turns/index-slices.ts";
import { reindexTurn, unindexTurns } from "../../../../src/account/store/turns/indexed-turns.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import { volumesOf } from "../../../../src/account/store/turns/search-volumes.ts";
import { SearchIndex } from "../../../../src/account/store/turns/search.ts";
import { indexedRows, indexedWords } from "../../../support/search-index.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import type { Content } from "../../../../src/shared/items.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import { dropEverything } from "../../../../src/sqlite/migrate.ts";
import { THEN, dueAt, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf } from "../../../support/archive.ts";
import { Client, DAY } from "../../../support/client.ts";

/** An account as the migration before this left it. */
const [fixture = ""] = Object.values(
  import.meta.glob<string>("../../../fixtures/conversation/0019_*.sql", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);
const ALL = { limit: 100, offset: 0 };
const NOW = THEN + 60 * DAY;
const said = (text: string): Content => [
  { type: "reasoning", text: "thinking" },
  { type: "message", role: "assistant", content: text },
];

/** The index as earlier versions made it: of turns as they are stored. */
const INDEX_BY_ROWS = [
  "insert into turn_search (rowid, input, output) select id, input, output from turns",
  "update sessions set indexed = (select count(*) from turns t where t.id / 1048576 = sessions.key)",
  "insert or replace into account values ('index_version', '1'), ('searched', 'true')",
];

/** As if that had been an earlier version. */
function makeOld(db: Database): void {
  db.run("update sessions set indexed = indexed & 1048575");
  db.run("insert or replace into account values ('index_version', '1')");
}

const LONG = `plum ${Array.from({ length: 8_000 }, (_none, n) => `w${n}`).join(" ")} pear`;
const V4_BASE = 4 * 1_048_576;
const V4_PART_LENGTH = 16 * 1024;

/** As version 4 left it: parts of 16 Ki characters, the second half of them in another volume. */
function fillByLongParts({ db, add }: Shelf, sessions: string[]): void {
  add("first", ["apple"]);
  // Makes the index the present version's, so that it has what a migration of volumes makes.
  dropOldIndex(db);
  db.run(
    `create virtual table turn_search_2 using fts5 (input, output, content = 'turns', content_rowid = 'id',
     tokenize = 'unicode61 remove_diacritics 2')`,
  );
  for (const [n, id] of sessions.entries()) {
    add(id, [LONG]);
    for (let begins = 0; begins < LONG.length;) {
      const bound = begins + V4_PART_LENGTH;
      const ends = bound < LONG.length ? LONG.lastIndexOf(" ", bound) : LONG.length;
      const part = db.scalar<number>(
        "insert into search_parts (turn_id, side, begins, ends) values (?, 'input', ?, ?) returning id",
        turnId(n + 2, 1),
        begins,
        ends,
      );
      db.run(
        `insert into turn_search${begins === 0 ? "" : "_2"} (rowid, input) values (cast(? as integer), ?)`,
        -(part ?? 0),
        LONG.slice(begins, ends),
      );
      begins = ends;
    }
  }
  db.run(`update sessions set indexed = ${V4_BASE + 1}`);
  db.run(
    "insert or replace into account values ('index_version', '4'), ('search_volumes', '[1,2]'), ('searched', 'true')",
  );
}

/** Sessions of that many turns, in an account whose index an earlier version made. */
function fillByRows({ db, add, turns }: Shelf, sessions: string[], count = 2): void {
  for (const [n, id] of sessions.entries()) {
    add(id, []);
    for (let seq = 1; seq <= count; seq += 1)
      turns.insert(
        turnOf(turnId(n + 1, seq), `question ${id}`, { output: said(`Well\nplum ${id}`) }),
      );
  }
  for (const sql of INDEX_BY_ROWS) db.run(sql);
}

async function found({ db }: Shelf, word: string): Promise<string[]> {
  const { hits } = await new SearchIndex(db).search(`"${word}"`, ALL);
  return hits
    .map(({ turn_id }) => `${Math.floor(turn_id / 2 ** 20)}.${turn_id % 2 ** 20}`)
    .toSorted();
}
const matches = ({ db }: Shelf, word: string): number =>
  db.scalar<number>("select count(*) from turn_search where turn_search match ?", word) ?? 0;

/** FTS5 writes its sum of words at the commit, which comes between two events. */
async function left({ db }: Shelf) {
  await scheduler.wait(1);
  return [indexedWords(db), db.scalar("select count(*) from turn_search_docsize")];
}

describe("an index that an earlier version made", () => {
  it("is made again by the first search: words, and no JSON", () =>
    withShelf(async (shelf) => {
      fillByRows(shelf, ["a", "b"]);
      expect([matches(shelf, "nplum"), matches(shelf, "plum"), matches(shelf, "type")]).toEqual([
        4, 0, 4,
      ]);
      expect(await found(shelf, "plum")).toEqual(["1.1", "1.2", "2.1", "2.2"]);
      for (const word of ["nplum", "type", "message"]) expect(await found(shelf, word)).toEqual([]);
      expect(await left(shelf)).toEqual([4 * 6, 4]);
      for (const id of ["a", "b"]) removeSession(shelf.db, findSession(shelf.db, id)!, NOW);
      expect(await left(shelf)).toEqual([0, 0]);
    }));

  it("is whole wherever making it again was cut off", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      const ids = Array.from({ length: 12 }, (_none, n) => `s${n}`);
      fillByRows(shelf, ids, 40);
      for (let keys = ids.map((_id, n) => n + 1).slice(0, 5); keys.length > 0;)
        // Each wake has another index, and this one indexed some sessions.
        keys = db.transaction(() => indexSlice(db, keys));
      expect(matches(shelf, "plum")).toBe(5 * 40);
      expect(await found(shelf, "nplum")).toEqual([]);
      expect(await left(shelf)).toEqual([12 * 40 * 6, 12 * 40]);
      for (const id of ids) unindexTurns(db, findSession(db, id)!);
      expect(await left(shelf)).toEqual([0, 0]);
    }));

  it.each<[string, (shelf: Shelf) => unknown]>([
    ["erased", ({ db }) => removeSession(db, findSession(db, "a")!, NOW)],
    ["undone", ({ db }) => unindexTurns(db, findSession(db, "a")!)],
    [
      "changed",
      ({ db, turns }) => {
        const before = turns.get(turnId(1, 1))!;
        const after = turnOf(turnId(1, 1), "pear", { output: null });
        turns.update(after);
        reindexTurn(db, findSession(db, "a")!.indexed, before, after);
      },
    ],
    [
      "erased half indexed",
      ({ db }) => {
        db.run("update sessions set indexed = 0");
        db.run("delete from turn_search where rowid > 0");
        db.run(
          "insert into search_parts (turn_id, side, begins, ends) values (?, 'input', 0, 10)",
          turnId(1, 1),
        );
        removeSession(db, findSession(db, "a")!, NOW);
      },
    ],
  ])("keeps no word of a session that is %s before the next search", (_name, change) =>
    withShelf(async (shelf) => {
      fillByRows(shelf, ["a"]);
      await change(shelf);
      expect(await left(shelf)).toEqual([0, 0]);
      expect(shelf.db.scalar("select count(*) from search_parts")).toBe(0);
      expect(await countIndexedOf(shelf.db, [1])).toBe(0);
      await found(shelf, "plum");
      for (const word of ["nplum", "type"]) expect(matches(shelf, word)).toBe(0);
    }),
  );

  it("is made again in shorter parts, and none of the longer ones is left", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fillByLongParts(shelf, ["a", "b"]);
      expect([volumesOf(db).length, matches(shelf, "plum")]).toEqual([2, 2]);
      expect(await found(shelf, "pear")).toEqual(["2.1", "3.1"]);
      expect(await found(shelf, "w7999")).toEqual(["2.1", "3.1"]);
      expect(volumesOf(db)).toHaveLength(1);
      const lengths = db.all<{ length: number }>(
        "select ends - begins as length from search_parts",
      );
      expect(lengths.filter(({ length }) => length > PART_LENGTH)).toEqual([]);
      expect(indexedRows(db)).toBe(lengths.length + 1);
      for (const id of ["first", "a", "b"]) removeSession(db, findSession(db, id)!, NOW);
      expect(await left(shelf)).toEqual([0, 0]);
      expect(db.scalar("select count(*) from search_parts")).toBe(0);
    }));

  it("leaves no part of a long turn that goes before the next search", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      fillByLongParts(shelf, ["a", "b"]);
      await shelf.search.forget([2]);
      removeSession(db, findSession(db, "a")!, NOW);
      expect(await left(shelf)).toEqual([0, 0]);
      expect(volumesOf(db)).toHaveLength(1);
      expect(db.scalar("select count(*) from search_parts")).toBe(0);
      expect(await found(shelf, "w7999")).toEqual(["3.1"]);
    }));

  it("is made again of archives, in the background, and forgets an erased one at once", () =>
    withShelf(async (shelf) => {
      fillByRows(shelf, ["a", "b", "c"]);
      const { db } = shelf;
      await shelf.archivist().archiveDue(dueAt(NOW), 0);
      // As an earlier version left it: the words of all archives are in the index.
      db.run("insert into turn_search (turn_search) values ('delete-all')");
      for (const key of [1, 2, 3])
        for (const seq of [1, 2])
          db.run(
            "insert into turn_search (rowid, input, output) values (cast(? as integer), 'question nplum', null)",
            turnId(key, seq),
          );
      db.run("update sessions set indexed = 2");
      db.run("update segments set indexed = null");
      db.run("insert or replace into account values ('index_version', '1')");
      expect(wordsMissing(db).isPending).toBe(false);

      expect(await eraseSession(shelf.tools(), "a", NOW)).toMatchObject({ turns: 2 });
      expect(matches(shelf, "nplum")).toBe(0);
      expect(wordsMissing(db).isPending).toBe(true);
      const { archiveIndexer } = shelf.tools();
      while (await archiveIndexer.step());
      expect(await found(shelf, "plum")).toEqual(["2.1", "2.2", "3.1", "3.2"]);
      for (const id of ["b", "c"]) await eraseSession(shelf.tools(), id, NOW);
      expect(await left(shelf)).toEqual([0, 0]);
    }));

  it("is not read on by an indexer that began with it", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      const filler = "word ".repeat(14_000);
      for (const id of ["a", "b"]) shelf.add(id, [`plum ${filler}`, `plum ${filler}`]);
      await shelf.archivist().archiveDue(dueAt(NOW), 0);
      const { archiveIndexer } = shelf.tools();
      for (let n = 0; n < 3; n += 1) await archiveIndexer.step();
      makeOld(db);
      while (await archiveIndexer.step());
      expect(await found(shelf, "plum")).toEqual(["1.1", "1.2", "2.1", "2.2"]);
    }));

  it("is under way as at an account's first search: it says so, and finds what is archived", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.post("/purge?older_than_days=0.00000001");
    expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(1);
    await runInDurableObject(client.object, async (_, { storage }) => {
      const db = new Database(storage);
      expect(wordsMissing(db).isPending).toBe(false);
      makeOld(db);
      await new SearchIndex(db).begin();
      // What `indexing` tells.
      expect(wordsMissing(db).isPending).toBe(true);
    });
    const { body } = await client.get("/search?q=marmalade");
    expect(body).toMatchObject({ indexing: false, complete: true, data: [{ session_id: "s" }] });
  });
});

it("an account of the migration before is searched by words, and erased without a trace", async () => {
  const client = new Client();
  await runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    db.transaction(() => {
      dropEverything(db);
      db.run(fixture);
      const output = `\u0001${JSON.stringify(said("Well\nplum"))}`;
      db.run("update turns set output = ? where id = ?", output, turnId(1, 1));
      db.run("insert into turn_search (rowid, input, output) select id, input, output from turns");
      db.run("update sessions set indexed = 2");
    });
  });
  await evictDurableObject(client.object);
  expect((await client.get("/search?q=nplum")).body.data).toEqual([]);
  expect((await client.get("/search?q=plum")).body.data).toMatchObject([
    {
      session_id: "s1",
      role: "assistant",
      snippet: "thinking\nWell\nplum",
      highlights: [[14, 18]],
    },
  ]);
  const { body } = await client.call("DELETE", "/sessions/s1");
  expect(body.places).toContainEqual({ place: "search_index", state: "clean", found: 1, left: 0 });
  expect((await client.get("/search?q=plum")).body.data).toEqual([]);
});
