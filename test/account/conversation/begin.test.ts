import { describe, expect, it } from "vitest";

import { TURNS_PER_SESSION, turnId } from "../../../src/shared/ids.ts";
import { LEASE_MS } from "../../../src/account/conversation/session-queue.ts";
import type { BeginRequest } from "../../../src/account/conversation/turn-contract.ts";
import {
  findDetails,
  findSession,
  putDetails,
} from "../../../src/account/store/sessions/sessions.ts";
import { THEN, turnOf } from "../../support/archive.ts";
import { DONE, withDesk, refusal } from "../../support/desk.ts";
import { removeSession } from "../../../src/account/store/erasure/drop-session.ts";

const key = { key: "k", hash: "h" };

describe("a turn that begins", () => {
  it("is told what it is to be answered with", () =>
    withDesk(async ({ begin, settled }) => {
      expect(
        await begin({ session_id: "other", user_id: "u", metadata: { k: "v" } }),
      ).toMatchObject({
        kind: "begun",
        turn: {
          turn_id: turnId(1, 1),
          session_id: "other",
          input: "Hi",
          created_at: THEN,
          new_session: true,
          restored: false,
          accessed_at: THEN,
          user_id: "u",
          assistant: null,
          role: null,
          shown: 0,
          metadata: { k: "v" },
        },
        window: [],
        models: ["local"],
        to_summarise: null,
        cache: null,
      });
      await settled({ assistant: "support" });
      const begun = await begin({ input: "And?" });
      expect(begun).toMatchObject({
        turn: { turn_id: turnId(2, 2), new_session: false, assistant: "support", shown: 2 },
        window: [
          { role: "system", content: "Be kind." },
          { role: "user", content: "Hi" },
          { role: "assistant", content: "Yes" },
        ],
      });
      expect(begun).not.toHaveProperty("responder");
      expect(begun).not.toHaveProperty("policed");
    }));

  it("may be answered by code, with the session's state as the request leaves it", () =>
    withDesk(async ({ begin, settled }) => {
      await settled({ assistant: "travel", state_patch: '{"a":1}' });
      const begun = await begin({ state_patch: '{"b":2}' });
      expect(begun).toMatchObject({ responder: { name: "travel", state: '{"a":1,"b":2}' } });
    }));

  it("may be answered from the cache where it is a session's first, and its assistant's are kept", () =>
    withDesk(async ({ begin, settled }) => {
      const cacheOf = async (more: Partial<BeginRequest>) => {
        const begun = await begin(more);
        return begun.kind === "begun" ? begun.cache : null;
      };
      const first = await cacheOf({ session_id: "a", assistant: "cached" });
      expect(first).toEqual({ key: expect.stringMatching(/^query:/), seconds: 7_200 });
      expect(await cacheOf({ session_id: "b", assistant: "cached", input: " hi " })).toEqual(first);
      const other = await cacheOf({ session_id: "c", assistant: "cached", input: "Bye" });
      expect(other?.key).not.toBe(first?.key);
      expect(await cacheOf({ session_id: "d" })).toBeNull();
      expect(await cacheOf({ session_id: "e", assistant: "cached", response: {} })).toBeNull();
      await settled({ session_id: "f", assistant: "cached" });
      expect(await cacheOf({ session_id: "f" })).toBeNull();
    }));

  it("says what is to be summed up, once enough has left the window", () =>
    withDesk(async ({ begin, settled, db, lifecycle }) => {
      const left = async () => {
        const begun = await begin();
        lifecycle.drop("s");
        return begun.kind === "begun" ? begun.to_summarise : null;
      };
      for (let n = 1; n <= 4; n += 1) await settled({ assistant: "summing" });
      expect(await left()).toBeNull();
      await settled();
      expect(await left()).toBe(turnId(1, 4));
      putDetails(db, 1, { summary: "Hello", summary_turn: turnId(1, 1) });
      expect(await left()).toBeNull();
      await settled();
      expect(await left()).toBe(turnId(1, 5));
    }));

  it("is refused in a session that was erased, is full, or has to be there and is not", () =>
    withDesk(async ({ begin, db, turns, add }) => {
      await expect(begin({ must_exist: true })).rejects.toEqual(
        refusal("session_not_found", { param: "conversation" }),
      );
      add("s", []);
      const last = TURNS_PER_SESSION - 2;
      turns.insert(turnOf(turnId(1, last - 1), "Hi"));
      expect(await begin()).toMatchObject({ turn: { turn_id: turnId(1, last) } });
      turns.insert(turnOf(turnId(1, last), "Hi"));
      add("t", []);
      turns.insert(turnOf(turnId(2, last), "Hi"));
      await expect(begin({ session_id: "t" })).rejects.toEqual(refusal("session_full"));
      removeSession(db, findSession(db, "t")!, THEN);
      await expect(begin({ session_id: "t" })).rejects.toEqual(refusal("session_erased"));
    }));

  it("is refused where it does not go with the session's details, and leaves the place free", () =>
    withDesk(async ({ begin, db, settled }) => {
      await settled({ user_id: "u" });
      const others = { key: null, user_id: "v" };
      await expect(begin({ user_id: "v" })).rejects.toEqual(
        refusal("invalid_request", { param: "user_id" }),
      );
      await expect(begin({ caller: others })).rejects.toEqual(refusal("session_not_found"));
      const pairs = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, "v"]));
      await expect(begin({ metadata: pairs })).rejects.toEqual(
        refusal("invalid_request", { param: "metadata" }),
      );
      expect(await begin({ user_id: "u", caller: { key: null, user_id: "u" } })).toMatchObject({
        kind: "begun",
      });
      expect(findDetails(db, 1)).toMatchObject({ user_id: "u", metadata: null });
    }));

  it("takes a session that has no user for its own", () =>
    withDesk(async ({ settled, db }) => {
      await settled();
      await settled({ user_id: "u", metadata: { k: "v" } });
      expect(findDetails(db, 1)).toMatchObject({ user_id: "u", metadata: '{"k":"v"}' });
    }));

  it("brings an archived session back", () =>
    withDesk(async ({ settled, db, restored }) => {
      await settled();
      db.run("update sessions set segment = 1");
      expect((await settled()).extra).toEqual({ restored: true });
      expect(restored).toEqual(["s"]);
    }));

  it("counts against the quotas, with the sessions that are begun and not written", () =>
    withDesk(
      async ({ begin, settled, lifecycle }) => {
        await settled({ session_id: "a" });
        await begin({ session_id: "a" });
        await begin({ session_id: "b" });
        lifecycle.flush("b");
        await begin({ session_id: "c" });
        await expect(begin({ session_id: "d" })).rejects.toEqual(refusal("quota_sessions"));
      },
      { sessions: 3 },
    ));
});

const ofUser = (more: Partial<BeginRequest> = {}) => ({
  session_id: undefined,
  user_id: "u",
  assistant: "support",
  ...more,
});

describe("a turn for a user, in no session that is named", () => {
  it("goes on in the user's open session, or opens one", () =>
    withDesk(async ({ settled, open, lifecycle, tick }) => {
      expect(await open({ session_id: undefined })).toMatchObject({ session_id: "fresh" });
      lifecycle.drop("fresh");
      const sessionOf = async (new_session_id: string, more: Partial<BeginRequest> = {}) => {
        const turn = await open(ofUser({ new_session_id, ...more }));
        await lifecycle.settle(turn, DONE, turn.created_at);
        return turn.session_id;
      };
      expect(await sessionOf("a")).toBe("a");
      tick(59_999);
      expect(await sessionOf("b")).toBe("a");
      tick(60_000);
      expect(await sessionOf("c")).toBe("c");
      expect(await sessionOf("d", { role: "r" })).toBe("d");
      expect(await sessionOf("e", { assistant: "default" })).toBe("e");
      expect(await sessionOf("f", { user_id: "v" })).toBe("f");
      expect(await sessionOf("g")).toBe("c");
      await settled({ session_id: undefined, new_session_id: "h" });
    }));

  it("shares the session that is being opened", () =>
    withDesk(async ({ open, lifecycle, begin }) => {
      const first = await open(ofUser({ new_session_id: "a" }));
      const second = begin(ofUser({ new_session_id: "b", on_busy: "queue" }));
      await lifecycle.settle(first, DONE, THEN);
      expect(await second).toMatchObject({ turn: { session_id: "a", turn_id: turnId(1, 2) } });
    }));

  it("is found by an erasure of its user before it is written", () =>
    withDesk(async ({ open, lifecycle }) => {
      await open(ofUser({ new_session_id: "a", role: "r" }));
      await open({ session_id: "b", user_id: "v" });
      const of = (user_id: string, role?: string) =>
        lifecycle.unwrittenSessionsOf({ user_id, role });
      expect([of("u"), of("u", "r"), of("u", "other"), of("v"), of("w")]).toEqual([
        ["a"],
        ["a"],
        [],
        ["b"],
        [],
      ]);
      lifecycle.flush("a");
      expect(of("u")).toEqual([]);
    }));
});

const busy = (retry_after_ms: number) =>
  refusal("session_busy", { retry_after_ms, session_id: "s" });

describe("a busy session", () => {
  it("says when to try again", () =>
    withDesk(async ({ begin, open, tick }) => {
      await open();
      await expect(begin()).rejects.toEqual(busy(500));
      tick(LEASE_MS - 100);
      await expect(begin()).rejects.toEqual(busy(100));
    }));

  it("is so after an eviction, too, until the lease runs out", () =>
    withDesk(async ({ begin, open, lifecycle, wake, tick, turns }) => {
      const turn = await open();
      lifecycle.flush("s");
      const woken = wake();
      tick(LEASE_MS - 100);
      await expect(begin({}, woken)).rejects.toEqual(
        refusal("session_busy", { retry_after_ms: 100 }),
      );
      tick(100);
      expect(await open({}, woken)).toMatchObject({ turn_id: turn.turn_id + 1 });
      woken.flush("s");
      expect(turns.get(turn.turn_id)).toMatchObject({ status: "abandoned" });
    }));

  it("is not so for what was written from outside", () =>
    withDesk(async ({ open, add, turns }) => {
      add("s", []);
      const lease = { token: "", until: THEN + 1_000 };
      turns.insert(
        turnOf(turnId(1, 1), "Hi", {
          status: "in_progress",
          output: null,
          extra: { lease, call: {} },
        }),
      );
      expect(await open()).toMatchObject({ turn_id: turnId(1, 2) });
      expect(turns.get(turnId(1, 1))).toMatchObject({ status: "in_progress" });
    }));
});

const request = (more: Partial<BeginRequest>): BeginRequest => ({
  new_session_id: "fresh",
  models: ["local"],
  input: "And?",
  on_busy: "reject",
  ...more,
});

describe("a look at what a turn would be answered with", () => {
  it("keeps nothing and waits for no other turn", () =>
    withDesk(async ({ settled, open, lifecycle, db }) => {
      const first = await settled({ assistant: "support" });
      await settled({ input: "Two" });
      await open({ input: "Three" });
      const before = db.rowsWritten;
      const preview = (more: Partial<BeginRequest>) => lifecycle.preview(request(more), THEN);
      const contents = async (more: Partial<BeginRequest>) =>
        (await preview(more)).window.map(({ content }) => content);
      expect(await preview({})).toEqual({
        assistant: "default",
        input: "And?",
        models: ["local"],
        window: [],
      });
      const all = ["Be kind.", "Hi", "Yes", "Two", "Yes"];
      expect(await contents({ session_id: "s" })).toEqual(all);
      expect(db.rowsWritten).toBe(before);
      expect(await contents({ previous_turn_id: first.id })).toEqual(all.slice(0, 3));
      await expect(preview({ session_id: "t", must_exist: true })).rejects.toEqual(
        refusal("session_not_found", { param: "conversation" }),
      );
      const caller = { key: null, user_id: "v" };
      await expect(preview({ session_id: "s", caller })).rejects.toEqual(
        refusal("session_not_found"),
      );
    }));

  it("reads an archived session where it lies, and tells who answers in a model's place", () =>
    withDesk(async ({ settled, lifecycle, db, restored }) => {
      const first = await settled({ assistant: "travel", state_patch: '{"a":1}' });
      await settled({ input: "Two" });
      db.run("update sessions set segment = 1");
      expect(await lifecycle.preview(request({ session_id: "s" }), THEN)).toMatchObject({
        responder: { name: "travel", state: '{"archived":true}' },
        window: [{ content: "Hi" }, { content: "Yes" }, { content: "Two" }, { content: "Yes" }],
      });
      const after = { previous_turn_id: first.id, full_history: true };
      expect(await lifecycle.preview(request(after), THEN)).toMatchObject({
        window: [{ content: "Hi" }, { content: "Yes" }],
      });
      expect(restored).toEqual([]);
    }));
});

describe("a turn on its way", () => {
  it("is written when it is flushed, by session or by turn id", () =>
    withDesk(async ({ open, lifecycle, turns }) => {
      const turn = await open({ response: { settings: "{}" } });
      lifecycle.flushTurn(turn.turn_id + 1);
      lifecycle.flush("other");
      expect(turns.get(turn.turn_id)).toBeNull();
      lifecycle.flushTurn(turn.turn_id);
      expect(turns.get(turn.turn_id)).toMatchObject({
        status: "in_progress",
        extra: {
          lease: { token: turn.token, until: THEN + LEASE_MS },
          response: { settings: "{}" },
        },
      });
    }));

  it("is none of the account's once that is erased", () =>
    withDesk(async ({ open, begin, lifecycle }) => {
      const turn = await open({ idempotency: key });
      const waiting = begin({ on_busy: "queue" });
      lifecycle.close();
      await expect(waiting).rejects.toEqual(refusal("session_erased"));
      await expect(lifecycle.settle(turn, DONE, THEN)).rejects.toEqual(refusal("session_erased"));
      expect(lifecycle.unwrittenSessionsOf({ user_id: "u" })).toEqual([]);
    }));

  it("has in its row what its outcome says", () =>
    withDesk(async ({ open, lifecycle, turns }) => {
      const turn = await open({ response: { settings: "{}" } });
      const settled = await lifecycle.settle(
        turn,
        {
          ...DONE,
          cached: true,
          policy: { outcome: "modified", events: [] },
          response: { cut: "max_output_tokens" },
        },
        THEN,
      );
      expect(settled).toEqual({
        id: turn.turn_id,
        status: "completed",
        created_at: THEN,
        input: "Hi",
        output: "Yes",
        model: "test",
        input_tokens: 1,
        output_tokens: 1,
        duration_ms: 5,
        shown: 0,
        extra: {
          cached: true,
          policy: { outcome: "modified", events: [] },
          response: { settings: "{}", cut: "max_output_tokens" },
        },
      });
      expect(turns.get(turn.turn_id)).toEqual(settled);
    }));
});
