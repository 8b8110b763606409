import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { advanceAnchor, readAnchor } from "../../src/directory/admin-log-anchor.ts";
import {
  appendEntry,
  checkLog,
  hashOf,
  isContinued,
  readLog,
} from "../../src/directory/admin-log-table.ts";
import { ADMIN_LOG, ADMIN_LOG_ANCHOR } from "../../src/directory/account-directory-do.ts";
import { appendToLog } from "../../src/directory/admin-log.ts";
import { Database } from "../../src/sqlite/database.ts";
import { freshAccount } from "../support/client.ts";
import { root } from "../support/keys.ts";

/** Runs a test on the storage of one of the directory's objects, without the rest of it. */
const onStorage = (
  test: (db: Database) => void,
  name: string = crypto.randomUUID(),
): Promise<void> =>
  runInDurableObject(env.DIRECTORY.getByName(name), (_, { storage }) =>
    test(new Database(storage)),
  );

const entry = (action: string) => ({ at: 1, actor: "root", action, target: "a", details: "{}" });

const filled = (db: Database) =>
  ["one", "two", "three"].map((each) => {
    const { previous: _, ...logged } = appendEntry(db, entry(each));
    return logged;
  });

const GOOD = { head: 3, verified_through: 3, intact: true };

const head = (seq: number, hash = `hash ${seq}`) => ({ seq, hash });

const act = () =>
  root.post("/admin/keys", { body: { account_id: freshAccount(), scopes: ["read"] } });
const check = async (query = "") => {
  const {
    data: _,
    first_id: _first,
    last_id: _last,
    ...rest
  } = (await root.get(`/admin/log?limit=1${query}`)).body;
  return rest;
};
const inLog = (sql: string) =>
  onStorage((db) => {
    db.run(sql);
  }, ADMIN_LOG);

/** Other files write to the same log, and check that it is intact. */
const emptyLog = async () => {
  await inLog("delete from admin_log");
  await onStorage((db) => {
    db.run("delete from operations where name = 'admin_log_head'");
  }, ADMIN_LOG_ANCHOR);
};

describe("the table", () => {
  it("hashes each entry over the one before", () =>
    onStorage((db) => {
      const [first, second] = filled(db);
      expect(first).toMatchObject({
        seq: 1,
        action: "one",
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const { hash, ...bare } = second!;
      expect([bare.seq, hash]).toEqual([2, hashOf(first!.hash, bare)]);
    }));

  it("is read in pages", () =>
    onStorage((db) => {
      expect(readLog(db, 0, 2)).toEqual({ entries: [], has_more: false });
      expect(checkLog(db, null)).toEqual({ head: 0, verified_through: 0, intact: true });
      const all = filled(db);
      expect(readLog(db, 0, 2)).toEqual({ entries: all.slice(0, 2), has_more: true });
      expect(readLog(db, 2, 2)).toEqual({ entries: all.slice(2), has_more: false });
      expect(readLog(db, 0, 3)).toEqual({ entries: all, has_more: false });
      expect(readLog(db, 3, 2)).toEqual({ entries: [], has_more: false });
    }));

  it.each([
    ["update admin_log set details = '[]' where seq = 1", 0],
    ["update admin_log set actor = 'me' where seq = 3", 2],
    ["delete from admin_log where seq = 1", 0],
    ["delete from admin_log where seq = 2", 1],
  ])("is not intact after %s, and says how far it is", (change, verified_through) =>
    onStorage((db) => {
      filled(db);
      db.run(change);
      expect(checkLog(db, null)).toEqual({ head: 3, verified_through, intact: false });
    }),
  );

  it("is checked past the rows that are read at once", () =>
    onStorage((db) => {
      for (let n = 0; n < 1_100; n += 1) appendEntry(db, entry("many"));
      const all = { head: 1_100, verified_through: 1_100, intact: true };
      expect(checkLog(db, null)).toEqual(all);
      db.run("update admin_log set target = 'b' where seq = 1050");
      expect(checkLog(db, null)).toEqual({ ...all, verified_through: 1_049, intact: false });
    }));

  it("that was cut off, or written again, has not what its anchor says", () =>
    onStorage((db) => {
      const [, second, third] = filled(db);
      expect(checkLog(db, third!)).toEqual(GOOD);
      expect(checkLog(db, second!)).toEqual(GOOD);
      expect(isContinued(db, second!, third!)).toBe(true);
      db.run("delete from admin_log where seq = 3");
      expect(checkLog(db, third!)).toEqual({ head: 2, verified_through: 2, intact: false });
      const again = appendEntry(db, entry("other"));
      expect(checkLog(db, third!)).toEqual({ ...GOOD, intact: false });
      expect(isContinued(db, third!, again)).toBe(false);
      db.run("delete from admin_log where seq = 2");
      expect(isContinued(db, { seq: 1, hash: readLog(db, 0, 1).entries[0]!.hash }, again)).toBe(
        false,
      );
    }));
});

describe("the anchor", () => {
  it("moves on from where it is, and never back", () =>
    onStorage((db) => {
      expect(readAnchor(db)).toBeNull();
      // A log from before there were anchors.
      expect(advanceAnchor(db, head(6), head(7))).toEqual(head(7));
      expect(advanceAnchor(db, head(7), head(8))).toEqual(head(8));
      for (const [from, to] of [
        [head(7), head(9)],
        [head(8, "another"), head(9)],
        [head(8), head(8, "another")],
        [head(8), head(3)],
        [null, head(9)],
      ] as const)
        expect(advanceAnchor(db, from, to)).toEqual(head(8));
      expect(readAnchor(db)).toEqual(head(8));
    }));
});

describe("GET /admin/log", () => {
  beforeEach(emptyLog);
  afterAll(emptyLog);

  it("checks the whole log against its anchor, whatever the page", async () => {
    for (let n = 0; n < 3; n += 1) expect((await act()).status).toBe(201);
    const good = { object: "list", head: 3, verified_through: 3, anchored: 3, intact: true };
    expect(await check()).toEqual({ ...good, has_more: true });
    // Entries at once pass each other on their way to the anchor.
    await Promise.all(Array.from({ length: 5 }, act));
    const more = { ...good, head: 8, verified_through: 8, anchored: 8 };
    expect(await check("&after=7")).toEqual({ ...more, has_more: false });

    // An entry whose request broke off before it was anchored is there, and the next one anchors both.
    await onStorage((db) => void appendEntry(db, entry("broken off")), ADMIN_LOG);
    expect(await check("&after=9")).toMatchObject({ head: 9, anchored: 8, intact: true });
    await act();
    expect(await check()).toMatchObject({ head: 10, anchored: 10, intact: true });

    await inLog("delete from admin_log where seq > 8");
    const cut = { head: 8, verified_through: 8, anchored: 10, intact: false };
    expect(await check()).toMatchObject(cut);
    expect(await check("&after=7")).toMatchObject(cut);
    // It is not forgotten when the log grows again.
    for (let n = 0; n < 4; n += 1) expect((await act()).status).toBe(201);
    expect(await check()).toMatchObject({ head: 12, anchored: 10, intact: false });

    await inLog("update admin_log set actor = 'me' where seq = 2");
    expect(await check("&after=7")).toMatchObject({ head: 12, verified_through: 1 });
  });

  it("nothing is done whose entry could not be anchored", async () => {
    const broken = {
      getByName: (name: string) =>
        name === ADMIN_LOG_ANCHOR
          ? { advanceAnchor: () => Promise.reject(new Error("away")) }
          : env.DIRECTORY.getByName(name),
    } as unknown as Env["DIRECTORY"];
    await expect(appendToLog({ DIRECTORY: broken }, entry("x"))).rejects.toMatchObject({
      code: "storage_unavailable",
    });
  });
});
