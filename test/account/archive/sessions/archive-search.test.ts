import { randomBytes } from "node:crypto";

import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import { withArchivedTexts } from "../../../../src/account/archive/sessions/archived-hits.ts";
import { eraseSession } from "../../../../src/account/archive/erasure/erase-session.ts";
import { reindex } from "../../../../src/account/archive/upkeep/reindex.ts";
import { wordsMissing } from "../../../../src/account/store/archive/archived-words.ts";
import { ArchiveIndexing } from "../../../../src/account/archive-indexing.ts";
import { Mutex } from "../../../../src/account/mutex.ts";
import type { StorageRoom } from "../../../../src/account/store/usage/storage-room.ts";
import { searchedText } from "../../../../src/shared/searched-text.ts";
import { indexArchivedParts } from "../../../../src/account/store/turns/indexed-turns.ts";
import type { SearchPieces } from "../../../../src/account/store/turns/search-pieces.ts";
import { PART_LENGTH } from "../../../../src/account/store/turns/search-parts.ts";
import { VOLUME_BOUNDS, volumesOf } from "../../../../src/account/store/turns/search-volumes.ts";
import { JOURNAL } from "../../../../src/account/store/sessions/session-flags.ts";
import { ObjectStore } from "../../../../src/account/archive/storage/object-store.ts";
import { archivePrefix } from "../../../../src/account/archive/format/keys.ts";
import { dueAt, failingBucket, THEN, turnOf, withShelf } from "../../../support/archive.ts";
import type { Shelf, Tools } from "../../../support/archive.ts";
import { Client, DAY } from "../../../support/client.ts";
import { indexedRows, useVolumesOf } from "../../../support/search-index.ts";

const NOW = THEN + 60 * DAY;
const ALL = { limit: 100, offset: 0 };
const PURGE = "/purge?older_than_days=0.00000001";

const archiveAll = ({ archivist }: Shelf) => archivist().archiveDue(dueAt(NOW), 0);

async function indexAll({ archiveIndexer }: Tools): Promise<number> {
  let steps = 1;
  while (await archiveIndexer.step()) steps += 1;
  return steps;
}

const indexed = ({ db }: Shelf, word: string) =>
  volumesOf(db)
    .flatMap((volume) =>
      db.all<{ id: number }>(`select rowid as id from ${volume} where ${volume} match ?`, word),
    )
    .map(({ id }) => id);

/** A session of so many turns, each with a word of its own. */
function addLong({ add, turns }: Shelf, sessionId: string, key: number, count: number): void {
  add(sessionId, []);
  const filler = "abcdefghij ".repeat(800);
  turns.insertAll(
    Array.from({ length: count }, (_, n) =>
      turnOf(turnId(key, n + 1), `plum w${n} ${filler}`, { output: "yes" }),
    ),
  );
}

describe("GET /search in archives", () => {
  it("finds what was archived before the account's first search, with role, time and snippet", async () => {
    const client = new Client();
    await client.ask("My name is Alice", { session_id: "s" });
    await client.post(PURGE);
    const { body } = await client.get("/search?q=nice%20alice");
    expect(body).toMatchObject({ indexing: false, complete: true });
    expect(body.data).toMatchObject([
      {
        session_id: "s",
        status: "archived",
        role: "assistant",
        highlights: [expect.anything(), expect.anything()],
      },
    ]);
    expect(body.data[0].snippet).toContain("Alice");
    expect(Date.parse(body.data[0].created_at)).toBeGreaterThan(0);
  });

  it("finds a restored session once, and an erased one not at all", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.ask("marmalade", { session_id: "t" });
    await client.post(PURGE);
    expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(2);
    await client.post("/archives/s/restore");
    expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(2);
    await client.post(PURGE);
    expect((await client.get("/search?q=marmalade")).body.data).toHaveLength(2);
    const { body } = await client.call("DELETE", "/sessions/s");
    expect(body).toMatchObject({ deleted: true, verified: true });
    expect(body.places).toContainEqual({
      place: "search_index",
      state: "clean",
      found: 1,
      left: 0,
    });
    expect((await client.get("/search?q=marmalade")).body.data).toMatchObject([
      { session_id: "t" },
    ]);
  });

  it("goes on after an eviction without another search", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.post(PURGE);
    await runInDurableObject(client.object, (_, { storage }) => {
      // As the first search left it when the object was evicted.
      new Database(storage).run("insert into account values ('searched', 'true')");
    });
    await evictDurableObject(client.object);
    await client.get("/sessions/s");
    await runDurableObjectAlarm(client.object);
    await vi.waitFor(() =>
      runInDurableObject(client.object, (_, { storage }) => {
        const db = new Database(storage);
        expect(wordsMissing(db).isPending).toBe(false);
        expect(
          db.scalar("select count(*) from turn_search where turn_search match 'marmalade'"),
        ).toBe(1);
      }),
    );
  });

  it("finds what is left where an archive is damaged, and says that it is not all", async () => {
    const client = new Client();
    await client.ask("marmalade", { session_id: "s" });
    await client.post(PURGE);
    const [damaged] = (await env.ARCHIVE.list({ prefix: archivePrefix(client.account) })).objects;
    await client.ask("marmalade", { session_id: "t" });
    await client.post(PURGE);
    const bytes = await (await env.ARCHIVE.get(damaged!.key))!.arrayBuffer();
    await env.ARCHIVE.put(damaged!.key, new Uint8Array(bytes.byteLength).fill(7));
    const { body } = await client.get("/search?q=marmalade");
    expect(body).toMatchObject({ indexing: false, complete: false, data: [{ session_id: "t" }] });
    expect((await client.get("/search?q=marmalade&status=live")).body.complete).toBe(true);
    await env.ARCHIVE.put(damaged!.key, bytes);
    const path = `/admin/accounts/${client.account}/reindex`;
    expect((await client.post(path)).body.errors).toEqual([]);
    await vi.waitFor(async () =>
      expect((await client.get("/search?q=marmalade")).body).toMatchObject({
        complete: true,
        data: [{}, {}],
      }),
    );
  });
});

describe.each([
  ["one volume", VOLUME_BOUNDS.words],
  ["volumes of few words", 2_000],
])("the index of archives, of %s", (_name, size) => {
  beforeEach(() => useVolumesOf(size));

  it("is built a member at a time, of 64 KiB or one turn", () =>
    withShelf(async (shelf) => {
      addLong(shelf, "long", 1, 100);
      await archiveAll(shelf);
      const tools = shelf.tools();
      const run = vi.spyOn(shelf.db, "run");
      const sizes: number[] = [];
      let more = true;
      while (more) {
        run.mockClear();
        more = await tools.archiveIndexer.step();
        const inserts = run.mock.calls.filter(([sql]) => sql.startsWith("insert into turn_search"));
        const texts = inserts.flatMap(([, ...params]) =>
          params.filter((one) => typeof one === "string"),
        );
        sizes.push(texts.join("").length);
      }
      run.mockRestore();
      expect(sizes.length).toBeGreaterThan(10);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
      expect(indexed(shelf, "plum")).toHaveLength(100);
    }));

  it("is whole wherever it was cut off, and has each turn once", () =>
    withShelf(async (shelf) => {
      for (const id of ["a", "b", "c"]) shelf.add(id, ["plum", "pear"]);
      addLong(shelf, "long", 4, 20);
      for (const id of ["d", "e"]) shelf.add(id, ["plum"]);
      await archiveAll(shelf);
      for (let n = 1; n < 12; n += 1) {
        const { bucket } = failingBucket(n % 3, "after");
        // Another indexer at each step, as after a crash.
        await shelf
          .tools(bucket)
          .archiveIndexer.step()
          .catch(() => undefined);
      }
      await indexAll(shelf.tools());
      expect(indexed(shelf, "plum")).toHaveLength(3 + 20 + 2);
      // One entry a turn: taking each out once leaves no word.
      for (const id of ["a", "b", "c", "long", "d", "e"])
        await eraseSession(shelf.tools(), id, NOW);
      expect(indexed(shelf, "plum OR pear OR yes OR w3")).toEqual([]);
      expect(indexedRows(shelf.db)).toBe(0);
    }));

  it("is not built for an account that never searched, and not twice for one that did", () =>
    withShelf(async (shelf) => {
      shelf.add("a", ["plum"]);
      await archiveAll(shelf);
      expect(indexed(shelf, "plum")).toEqual([]);
      expect(wordsMissing(shelf.db).isPending).toBe(true);
      await shelf.search.begin();
      shelf.add("b", ["plum"]);
      await archiveAll(shelf);
      expect(indexed(shelf, "plum")).toEqual([turnId(2, 1)]);
      const { bucket, operations } = failingBucket(-1, "before");
      expect(await indexAll(shelf.tools(bucket))).toBe(1);
      expect(operations()).toBe(1);
      expect(indexed(shelf, "plum")).toEqual([turnId(1, 1), turnId(2, 1)]);
    }));

  it("is not built where the account has no room for it, and later where it has", () =>
    withShelf(async (shelf) => {
      const { db, search } = shelf;
      shelf.add("a", ["plum"]);
      await archiveAll(shelf);
      const room = { mayIndex: false } as { mayIndex: boolean } & StorageRoom;
      const { archiveIndexer } = shelf.tools();
      const indexing = new ArchiveIndexing({
        services: () => ({ db, search, archiveIndexer, room }),
        archiving: new Mutex(),
        isErasing: () => false,
        wake: () => Promise.resolve(),
      });
      await indexing.begin(10_000);
      expect([indexing.isDue, indexed(shelf, "plum")]).toEqual([false, []]);
      Object.assign(room, { mayIndex: true });
      await indexing.begin(10_000);
      expect([indexing.isDue, indexed(shelf, "plum")]).toEqual([false, [turnId(1, 1)]]);
    }));

  it("is not waited for by a search while other work of the account keeps it from going on", () =>
    withShelf(async (shelf) => {
      const { db, search } = shelf;
      shelf.add("a", ["plum"]);
      await archiveAll(shelf);
      const archiving = new Mutex();
      const indexing = new ArchiveIndexing({
        services: () => ({
          db,
          search,
          archiveIndexer: shelf.tools().archiveIndexer,
          room: { mayIndex: true } as StorageRoom,
        }),
        archiving,
        isErasing: () => false,
        wake: () => Promise.resolve(),
      });
      const erasure = Promise.withResolvers<void>();
      const erased = archiving.run(() => erasure.promise);
      await indexing.begin(600_000);
      expect(indexing.isDue).toBe(true);
      erasure.resolve();
      await erased;
      await indexing.begin(600_000);
      expect([indexing.isDue, indexed(shelf, "plum")]).toEqual([false, [turnId(1, 1)]]);
    }));

  it("is not waited for, either, where that begins after its first step", () =>
    withShelf(async (shelf) => {
      const { db, search } = shelf;
      shelf.add("a", ["plum"]);
      await archiveAll(shelf);
      shelf.add("b", ["plum"]);
      await archiveAll(shelf);
      const archiving = new Mutex();
      const erasure = Promise.withResolvers<void>();
      const erasures: Promise<void>[] = [];
      const { archiveIndexer } = shelf.tools();
      const step = archiveIndexer.step.bind(archiveIndexer);
      vi.spyOn(archiveIndexer, "step").mockImplementation(async () => {
        if (erasures.length === 0) erasures.push(archiving.run(() => erasure.promise));
        return step();
      });
      const room = { mayIndex: true } as StorageRoom;
      const indexing = new ArchiveIndexing({
        services: () => ({ db, search, archiveIndexer, room }),
        archiving,
        isErasing: () => false,
        wake: () => Promise.resolve(),
      });
      await indexing.begin(600_000);
      expect([indexing.isDue, indexed(shelf, "plum")]).toEqual([true, [turnId(2, 1)]]);
      erasure.resolve();
      await Promise.all(erasures);
      await indexing.begin(600_000);
      expect([indexing.isDue, indexed(shelf, "plum")]).toEqual([
        false,
        [turnId(1, 1), turnId(2, 1)],
      ]);
    }));

  it("does not wait for searches while erasures wait for it, before and after archiving", () =>
    withShelf(async (shelf) => {
      shelf.add("a", ["plum"]);
      await archiveAll(shelf);
      await shelf.search.begin();
      shelf.add("b", ["plum"]);
      // The line of the searches does not move.
      const line = Promise.withResolvers<void>();
      vi.spyOn(shelf.search.pieces, "next").mockReturnValue(line.promise);
      await indexAll(shelf.tools());
      await archiveAll(shelf);
      expect(indexed(shelf, "plum")).toEqual([turnId(1, 1), turnId(2, 1)]);
      line.resolve();
    }));

  it("leaves out turns that may be tried again, and calls of the journal", () =>
    withShelf(async (shelf) => {
      shelf.add("a", ["plum"]);
      shelf.turns.insert(turnOf(turnId(1, 2), "plum", { status: "failed", output: null }));
      shelf.turns.insert(turnOf(turnId(1, 3), "plum", { status: "failed", output: null }));
      shelf.add("journal/2", ["plum"]);
      await archiveAll(shelf);
      shelf.db.run("update sessions set flags = ? where key = 2", JOURNAL);
      await indexAll(shelf.tools());
      expect(indexed(shelf, "plum")).toEqual([turnId(1, 1), turnId(1, 2)]);
    }));

  it("leaves out what is locked, until the key is there again", () =>
    withShelf(async (shelf) => {
      shelf.add("a", ["plum"]);
      const key = randomBytes(32).toString("base64");
      const unlocked = shelf.tools(env.ARCHIVE, { key });
      await unlocked.archivist.archiveDue(dueAt(NOW), 0);
      expect(await shelf.tools().archiveIndexer.step()).toBe(false);
      expect(wordsMissing(shelf.db)).toEqual({ isPending: false, isDamaged: true });
      expect(shelf.errors).toMatchObject([{ code: "archive_locked" }]);
      await reindex(unlocked);
      await indexAll(unlocked);
      expect(indexed(shelf, "plum")).toEqual([turnId(1, 1)]);
      expect(wordsMissing(shelf.db)).toEqual({ isPending: false, isDamaged: false });
    }));

  it("has no word of an erased session whose first turn was half indexed", () =>
    withShelf(async (shelf) => {
      const { db, turns } = shelf;
      shelf.add("a", ["plum ".repeat(PART_LENGTH)]);
      const [turn] = turns.list(1, { order: "asc", limit: 1 });
      await archiveAll(shelf);
      // A crash cut the indexer off after the first part.
      expect(indexArchivedParts(db, turn!.id, searchedText(turn!))).toBe(false);
      expect(indexed(shelf, "plum")).toHaveLength(8);
      await eraseSession(shelf.tools(), "a", NOW);
      expect(indexed(shelf, "plum")).toEqual([]);
      expect(db.scalar("select count(*) from search_parts")).toBe(0);
    }));

  it("is built after SQLite was lost", () =>
    withShelf(async (shelf) => {
      shelf.add("a", ["plum"]);
      await shelf.search.begin();
      await archiveAll(shelf);
      shelf.db.run("insert into turn_search (turn_search) values ('delete-all')");
      for (const table of ["sessions", "session_details", "segments"])
        shelf.db.run(`delete from ${table}`);
      expect(indexed(shelf, "plum")).toEqual([]);
      const tools = shelf.tools();
      expect(await reindex(tools)).toMatchObject({ sessions: 1, errors: [] });
      await indexAll(tools);
      expect(indexed(shelf, "plum")).toEqual([turnId(1, 1)]);
    }));
});

describe("a page of archived hits", () => {
  it("reads only the members that hold them", () =>
    withShelf(async (shelf) => {
      addLong(shelf, "long", 1, 200);
      shelf.add("short", ["a quince"]);
      await archiveAll(shelf);
      await indexAll(shelf.tools());
      const members = JSON.parse(String(shelf.db.scalar("select members from segments"))) as [];
      expect(members.length).toBeGreaterThan(20);
      for (const [word, most] of [
        ["quince", 8],
        ["w0", 1],
        ["w150", 8],
        ["w199", 8],
      ] as const) {
        const found = await shelf.search.search(`"${word}"`, ALL);
        const { bucket, operations } = failingBucket(-1, "before");
        const parts = { ...shelf.tools(bucket) };
        const hits = await withArchivedTexts(parts, found.hits, [[word]]);
        expect(hits).toMatchObject([{ status: "archived", role: "user", created_at: THEN }]);
        expect(hits[0]!.snippet).toContain(word);
        expect(operations()).toBeLessThanOrEqual(most);
      }
    }));

  it("looks at the beginning of a long turn in a piece of its own, and reads no other turn for its id", () =>
    withShelf(async (shelf) => {
      shelf.add("a", []);
      const filler = "abcdefghij ".repeat(10_000);
      const texts = ["plum", `${filler} plum`, "plum"];
      shelf.turns.insertAll(texts.map((text, n) => turnOf(turnId(1, n + 1), text)));
      await archiveAll(shelf);
      const tools = shelf.tools();
      await indexAll(tools);
      const { hits } = await shelf.search.search('"plum"', ALL);
      let pieces = 0;
      const counting = { next: () => Promise.resolve(void (pieces += 1)) } as SearchPieces;
      const piecesOf = async (n: number) => {
        pieces = 0;
        const some = hits.filter(({ turn_id }) => turn_id === turnId(1, n));
        const parse = vi.spyOn(JSON, "parse");
        const read = await withArchivedTexts({ ...tools, search: { pieces: counting } }, some, [
          ["plum"],
        ]);
        const lines = parse.mock.calls.filter(([text]) => text.startsWith('{"type":"turn"'));
        parse.mockRestore();
        expect(read).toMatchObject([{ status: "archived", role: "user" }]);
        return { pieces, parsed: lines.length };
      };
      const short = await piecesOf(1);
      expect(short.parsed).toBe(1);
      const long = await piecesOf(2);
      expect(long.parsed).toBe(0);
      expect(long.pieces).toBeGreaterThanOrEqual(short.pieces + 2);
    }));

  it("reads members of long turns one after the other, and parses little of each", () =>
    withShelf(async (shelf) => {
      for (const n of [1, 2, 3]) {
        const words = Array.from({ length: 40_000 }, () => randomBytes(4).toString("hex"));
        shelf.add(`s${n}`, [`plum ${words.join(" ")}`]);
      }
      await archiveAll(shelf);
      const tools = shelf.tools();
      await indexAll(tools);
      const { hits } = await shelf.search.search('"plum"', ALL);
      const reading = { now: 0, most: 0, times: 0 };
      // oxlint-disable-next-line typescript/unbound-method -- it is applied to the store
      const read = ObjectStore.prototype.readMember;
      vi.spyOn(ObjectStore.prototype, "readMember").mockImplementation(async function (
        this: ObjectStore,
        ...given
      ) {
        const [, [, length]] = given;
        // The line of a session is in a small member of its own.
        if (length < 1_024) return read.apply(this, given);
        reading.now += 1;
        reading.times += 1;
        reading.most = Math.max(reading.most, reading.now);
        const text = await read.apply(this, given);
        await scheduler.wait(1);
        reading.now -= 1;
        return text;
      });
      const parse = vi.spyOn(JSON, "parse");
      const read3 = await withArchivedTexts(tools, hits, [["plum"]]);
      const longest = Math.max(...parse.mock.calls.map(([text]) => text.length));
      vi.restoreAllMocks();
      expect(read3.map(({ snippet }) => snippet?.slice(0, 5))).toEqual(["plum ", "plum ", "plum "]);
      expect(read3[0]).toMatchObject({ role: "user", created_at: THEN });
      expect(reading).toMatchObject({ most: 1, times: 3 });
      expect(longest).toBeLessThan(200 * 1024);
    }));

  it("has hits without their text while R2 is away", () =>
    withShelf(async (shelf) => {
      shelf.add("a", ["plum"]);
      shelf.add("b", ["plum"]);
      await archiveAll(shelf);
      await indexAll(shelf.tools());
      const { hits } = await shelf.search.search('"plum"', ALL);
      const away = { get: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket;
      expect(await withArchivedTexts(shelf.tools(away), hits, [["plum"]])).toMatchObject([
        { status: "archived", role: null, snippet: null },
        { status: "archived", role: null, snippet: null },
      ]);
      expect(shelf.errors.length).toBeGreaterThan(0);
    }));

  it("shows what came back meanwhile as live", () =>
    withShelf(async (shelf) => {
      shelf.add("a", ["plum"]);
      await archiveAll(shelf);
      await indexAll(shelf.tools());
      const { hits } = await shelf.search.search('"plum"', ALL);
      await shelf.archivist().restore("a", NOW);
      expect(await withArchivedTexts(shelf.tools(), hits, [["plum"]])).toMatchObject([
        { status: "live", role: "user", snippet: "plum" },
      ]);
    }));
});
