import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";

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
