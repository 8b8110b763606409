import { describe, expect, it } from "vitest";

import { turnId } from "../../../../src/shared/ids.ts";
import { THEN } from "../../../support/archive.ts";
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
