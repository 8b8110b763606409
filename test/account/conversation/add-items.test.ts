import { describe, expect, it } from "vitest";

import { turnId } from "../../../src/shared/ids.ts";
import { addItems, createConversation } from "../../../src/account/conversation/add-items.ts";
import { findDetails, findSession } from "../../../src/account/store/sessions/sessions.ts";
import { THEN } from "../../support/archive.ts";
import { withDesk, refusal } from "../../support/desk.ts";
import type { Desk } from "../../support/desk.ts";

const key = { key: "k", hash: "h" };

const said = (content: string) => ({ type: "message", role: "user", content }) as const;

const make = ({ parts }: Desk, more: object = {}, caller: object | null = null) =>
  createConversation(
    parts,
    caller && { key: null, ...caller },
    { session_id: "conv", metadata: {}, items: [], ...more },
    THEN,
  );

const refused = async (limits: object, items: object[]) => {
  await withDesk(async (desk) => {
    expect(() => make(desk, { items })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^quota_/) }),
    );
  }, limits);
};

describe("a conversation", () => {
  it("is made without a turn, or with one that holds its items", () =>
    withDesk(async (desk) => {
      const { db, turns, counters } = desk;
      expect(counters.read()).toMatchObject({ sessions: 0, turns: 0, messages: 0 });
      make(desk, { metadata: { k: "v" } }, { user_id: "u", role: "r" });
      expect(findSession(db, "conv")).toMatchObject({ key: 1, created_at: THEN, flags: 0 });
      expect(findDetails(db, 1)).toMatchObject({ user_id: "u", role: "r", metadata: '{"k":"v"}' });
      expect(turns.last(1)).toBeNull();
      make(desk, { session_id: "other", items: [said("One"), said("Two")] });
      expect(findDetails(db, 2)).toBeNull();
      expect(turns.last(2)).toEqual({
        id: turnId(2, 1),
        status: "completed",
        created_at: THEN,
        duration_ms: 0,
        model: null,
        input_tokens: null,
        output_tokens: null,
        input: [said("One"), said("Two")],
        output: [],
        shown: 0,
        extra: {},
      });
      expect(counters.read()).toMatchObject({ sessions: 2, turns: 1, messages: 2 });
    }));

  it("is made once for an idempotency key", () =>
    withDesk(async (desk) => {
      const { db } = desk;
      expect(make(desk, { idempotency: key })).toBe("conv");
      expect(make(desk, { session_id: "again", idempotency: key })).toBe("conv");
      expect(() => make(desk, { idempotency: { ...key, hash: "other" } })).toThrow(
        refusal("idempotency_mismatch"),
      );
      const other = { key: "l", hash: "h" };
      make(desk, { session_id: "items", items: [said("One")], idempotency: other });
      expect(make(desk, { session_id: "again", idempotency: other })).toBe("items");
      db.run("delete from sessions where session_id = 'conv'");
      expect(() => make(desk, { idempotency: key })).toThrow(refusal("session_erased"));
    }));

  it("counts against the quotas", async () => {
    await refused({ sessions: 0 }, []);
    await refused({ sessions: 0 }, [said("One")]);
    await refused({ stored_bytes: 1 }, []);
    await refused({ turns_per_day: 0 }, [said("One")]);
    await withDesk(async (desk) => void make(desk), { turns_per_day: 0, sessions: 1 });
  });

  it("stores items as a turn without an answer, once for each idempotency key", () =>
    withDesk(async (desk) => {
      const { db, parts, turns, lifecycle } = desk;
      const add = (more: object = {}) =>
        addItems(parts, null, { session_id: "conv", items: [said("One")], ...more }, THEN);
      await expect(add()).rejects.toEqual(refusal("session_not_found"));
      expect(lifecycle.isBusy("conv")).toBe(false);
      make(desk);
      const placed = await add({ items: [said("One"), said("Two")], idempotency: key });
      expect(placed.map(({ item, side }) => [item, side])).toEqual([
        [said("One"), "input"],
        [said("Two"), "input"],
      ]);
      expect(await add({ items: [said("One"), said("Two")], idempotency: key })).toEqual(placed);
      const { key: made } = findSession(db, "conv")!;
      expect(turns.list(made, { order: "asc", limit: 9 })).toMatchObject([
        { status: "completed", model: null, duration_ms: 0, output: [], shown: 0 },
      ]);
      expect(turns.last(made)).not.toHaveProperty("frame");
      await add();
      expect(turns.last(made)).toMatchObject({ id: turnId(made, 2), input: "One" });
    }));
});
