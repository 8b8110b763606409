import { runInDurableObject } from "cloudflare:test";
import { expect, it, vi } from "vitest";

import { GroupCommit } from "../../src/sqlite/group-commit.ts";
import { Database } from "../../src/sqlite/database.ts";
import { freshAccount, objectOf } from "../support/client.ts";

/** How many writes each commit took, for writes that come so many turns of the event loop after one another. */
const groupsOf = (writes: number, apart: number, fails?: number) =>
  runInDurableObject(objectOf(freshAccount()), async (_, { storage }) => {
    const db = new Database(storage);
    db.run("create table written (n integer primary key)");
    const groups: number[] = [];
    let seen = 0;
    const commits = new GroupCommit(db, async () => {
      const all = db.scalar<number>("select count(*) from written") ?? 0;
      if (all > seen) groups.push(all - seen);
      seen = all;
      await storage.sync();
    });
    const settled = [];
    for (let n = 0; n < writes; n += 1) {
      const write = commits.run(() => {
        db.run("insert into written values (?)", n);
        if (n === fails) throw new Error("no");
        return n;
      });
      settled.push(write.catch((error: Error) => error.message));
      for (let turn = 0; turn < apart; turn += 1) await storage.sync();
    }
    return { groups, settled: await Promise.all(settled) };
  });

it("writes that come together share a commit, and each is told what it returned", async () => {
  expect(await groupsOf(5, 0)).toEqual({ groups: [5], settled: [0, 1, 2, 3, 4] });
});

it("waits for a write that is right after another", async () => {
  const { groups } = await groupsOf(4, 1);
  expect(groups.length).toBeLessThan(4);
});

it("one that fails takes no other with it", async () => {
  expect(await groupsOf(3, 0, 1)).toEqual({ groups: [2], settled: [0, "no", 2] });
});

it("goes on after a group", async () => {
  const { groups, settled } = await groupsOf(3, 20);
  expect(groups).toEqual([1, 1, 1]);
  expect(settled).toEqual([0, 1, 2]);
});

/** The writes of each turn of the event loop, for so many that wait while the disk is slow. */
const piecesOf = (writes: number, write: (db: Database, n: number) => void) =>
  runInDurableObject(objectOf(freshAccount()), async (_, { storage }) => {
    const db = new Database(storage);
    db.run("create table written (n integer, text text)");
    const disk = Promise.withResolvers<void>();
    const commits = new GroupCommit(db, () => disk.promise);
    const pieces = [0];
    const wait = scheduler.wait.bind(scheduler);
    const waiting = vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
      pieces.push(0);
      await wait(ms);
    });
    const settled = Array.from({ length: writes }, (_none, n) =>
      commits.run(() => {
        write(db, n);
        pieces[pieces.length - 1] = (pieces.at(-1) ?? 0) + 1;
        return n;
      }),
    );
    disk.resolve();
    const order = await Promise.all(settled);
    waiting.mockRestore();
    // Other work in this process waits as well: such a turn has no writes.
    const some = pieces.filter((count) => count > 0);
    return { pieces: some, order, rows: db.scalar<number>("select count(*) from written") };
  });

it("does a bounded piece of a group at a time, by rows and by text", async () => {
  const rows = await piecesOf(20, (db) => {
    for (let n = 0; n < 200; n += 1) db.run("insert into written (n) values (?)", n);
  });
  expect(rows).toEqual({
    pieces: Array<number>(10).fill(2),
    order: Array.from({ length: 20 }, (_none, n) => n),
    rows: 4_000,
  });
  const large = "x".repeat(400_000);
  const texts = await piecesOf(7, (db, n) => db.run("insert into written values (?, ?)", n, large));
  expect(texts.pieces).toEqual([3, 3, 1]);
});

it("does small writes of many callers in one piece", async () => {
  const { pieces } = await piecesOf(128, (db, n) =>
    db.run("insert into written (n) values (?)", n),
  );
  expect(pieces).toEqual([128]);
});
