import { describe, expect, it, vi } from "vitest";

import {
  KEEP_KEYS_MS,
  dropExpiredKeys,
  putKey,
} from "../../../../src/account/store/turns/idempotency.ts";
import { turnId } from "../../../../src/shared/ids.ts";
import { THEN, addRequestKeys, withShelf } from "../../../support/archive.ts";
import { DONE, withDesk, refusal } from "../../../support/desk.ts";

const key = { key: "k", hash: "h" };

describe("a turn with an idempotency key", () => {
  it("is replayed once it is completed, to the same request, and from the archive without a restore", () =>
    withDesk(async ({ begin, settled, db, restored }) => {
      const turn = await settled({ idempotency: key, user_id: "u" });
      expect(await begin({ idempotency: key })).toEqual({ kind: "replay", session_id: "s", turn });
      await expect(begin({ idempotency: { ...key, hash: "other" } })).rejects.toEqual(
        refusal("idempotency_mismatch"),
      );
      const caller = { key: null, user_id: "v" };
      await expect(begin({ idempotency: key, caller })).rejects.toEqual(
        refusal("session_not_found"),
      );
      db.run("update sessions set segment = 1");
      expect(await begin({ idempotency: key })).toEqual({ kind: "replay", session_id: "s", turn });
      expect(restored).toEqual([]);
    }));

  it("is one at a time, here and after an eviction", () =>
    withDesk(async ({ begin, open, lifecycle, wake }) => {
      const turn = await open({ idempotency: key });
      const again = { session_id: "t", idempotency: key };
      await expect(begin(again)).rejects.toEqual(refusal("idempotency_in_flight"));
      lifecycle.flush("s");
      await expect(begin(again, wake())).rejects.toEqual(refusal("idempotency_in_flight"));
      await lifecycle.settle(turn, DONE, THEN);
      expect(await begin(again)).toMatchObject({ kind: "replay" });
    }));

  it("is tried again in its place when it failed", () =>
    withDesk(async ({ open, settled, lifecycle, turns }) => {
      const failed = await settled(
        { idempotency: key },
        { status: "failed", output: null, error: { code: "model_failed", message: "No" } },
      );
      const again = await open({ session_id: "elsewhere", idempotency: key });
      expect(again).toMatchObject({ turn_id: failed.id, session_id: "s", shown: 0 });
      await lifecycle.settle(again, DONE, THEN);
      expect(turns.get(failed.id)).toMatchObject({ status: "completed", extra: {} });
    }));

  it("may be used by another when it was never begun", () =>
    withDesk(async ({ begin, open }) => {
      await expect(begin({ idempotency: key, must_exist: true })).rejects.toEqual(
        refusal("session_not_found"),
      );
      expect(await open({ idempotency: { ...key, hash: "other" } })).toMatchObject({
        idempotency: { hash: "other" },
      });
    }));

  it("is free once its turn is dropped", () =>
    withDesk(async ({ open, lifecycle }) => {
      await open({ idempotency: key });
      lifecycle.drop("s");
      expect(await open({ idempotency: key })).toMatchObject({ turn_id: turnId(2, 1) });
    }));

  it("stays in flight when a turn of another key ends", () =>
    withDesk(async ({ begin, open, lifecycle }) => {
      await open({ idempotency: key });
      const other = await open({ session_id: "t", idempotency: { key: "l", hash: "h" } });
      await lifecycle.settle(other, DONE, THEN);
      await expect(begin({ session_id: "u", idempotency: key })).rejects.toEqual(
        refusal("idempotency_in_flight"),
      );
    }));
});

describe("keys that expired", () => {
  it("go in slices, and others may come meanwhile", () =>
    withShelf(async (shelf) => {
      const { db } = shelf;
      // They were written at THEN.
      addRequestKeys(shelf, 100, 2_500);
      const LATER = THEN + KEEP_KEYS_MS;
      for (const [at, name] of ["a", "other-1200", "z"].entries())
        putKey(db, { key: name, hash: "h" }, 1, THEN + 10 + at);
      const left: number[] = [];
      const count = () => db.scalar<number>("select count(*) from idempotency") ?? 0;
      const wait = scheduler.wait.bind(scheduler);
      let rows = db.rowsRead;
      const read: number[] = [];
      vi.spyOn(scheduler, "wait").mockImplementation(async (ms) => {
        read.push(db.rowsRead - rows);
        left.push(count());
        if (left.length === 1) putKey(db, { key: "zz", hash: "h" }, 1, THEN + 5);
        rows = db.rowsRead;
        await wait(ms);
      });
      expect(await dropExpiredKeys(db, LATER)).toBe(THEN + 5 + KEEP_KEYS_MS);
      vi.restoreAllMocks();
      expect(new Set(left).size).toBe(3);
      expect(Math.max(...read)).toBeLessThan(4_000);
      const keys = db.all<{ key: string }>("select key from idempotency order by key");
      expect(keys.map((row) => row.key)).toEqual(["a", "other-1200", "z", "zz"]);
      expect(await dropExpiredKeys(db, LATER + 20)).toBeNull();
      expect(count()).toBe(0);
    }));
});
