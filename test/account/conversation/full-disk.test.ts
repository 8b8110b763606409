import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";

import { Counters } from "../../../src/account/store/usage/counters.ts";
import { SessionKeys } from "../../../src/account/store/sessions/session-keys.ts";
import { withShelf } from "../../support/archive.ts";
import { Client } from "../../support/client.ts";
import { arm } from "../../model/faults.ts";

/** Everything fails from the `nth` statement of this request on. */
async function askWhileFull(client: Client, nth: number): Promise<number> {
  const plan = await runInDurableObject(client.object, (_, { storage }) =>
    arm(client.account, storage, { where: "sql", nth, times: Infinity }),
  );
  const { status } = await client.ask("Hello", { session_id: `full-${nth}` });
  plan.disarm();
  return status;
}

const full = () => {
  throw new Error("The disk is full");
};

describe("a disk that fails, and goes on failing while a write is undone", () => {
  it("leaves the account able to begin sessions, then and after an eviction", async () => {
    for (let nth = 1; nth <= 12; nth += 1) {
      const client = new Client();
      await askWhileFull(client, nth);
      for (const when of ["then", "after"]) {
        for (const n of [1, 2]) {
          const { status } = await client.ask("Hello", { session_id: `${when}-${n}` });
          expect([nth, when, n, status]).toEqual([nth, when, n, 200]);
        }
        await evictDurableObject(client.object);
      }
      const { body } = await client.get("/sessions");
      const ids = (body.data as { session_id: string }[]).map(({ session_id }) => session_id);
      expect(ids).toEqual(expect.arrayContaining(["then-1", "then-2", "after-1", "after-2"]));
    }
  });

  it("makes no key be given twice, and no counts be wrong", () =>
    withShelf(async ({ db, add }) => {
      const keys = new SessionKeys(db);
      const counters = new Counters(db);
      add("s", ["Hi"]);
      expect(counters.read().turns).toBe(1);
      counters.save();
      const key = keys.next();
      expect(() =>
        db.transaction(() => {
          counters.changing();
          keys.reserve(key);
          vi.spyOn(db, "all").mockImplementation(full);
          db.run("select 1");
        }),
      ).toThrow("full");
      vi.restoreAllMocks();
      db.transaction(() => {
        keys.reserve(key);
        counters.changing();
      });
      expect(new SessionKeys(db).next()).toBeGreaterThan(key);
      expect(db.scalar("select 1 from account where name = 'counters'")).toBeNull();
    }));
});
