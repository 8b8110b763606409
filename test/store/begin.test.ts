import { describe, expect, it } from "vitest";

import { forkSession } from "../../src/archive/fork.ts";
import { takeOut } from "../../src/archive/take-out.ts";
import { PLAIN } from "../../src/assistants/shipped.ts";
import { TURNS_PER_SESSION, turnId } from "../../src/ids.ts";
import { writeValue } from "../../src/store/account.ts";
import { Assistants } from "../../src/store/assistants.ts";
import {
  BACKGROUND_ATTEMPTS,
  findBackground,
  isAwaited,
  isLastAwaited,
  putBackground,
} from "../../src/store/background.ts";
import { addItems, createConversation } from "../../src/store/conversations.ts";
import type { ConversationParts } from "../../src/store/conversations.ts";
import { Frames } from "../../src/store/frames.ts";
import { Ledger } from "../../src/store/ledger.ts";
import { LEASE_MS, Line } from "../../src/store/line.ts";
import type { BeginRequest, Begun, OpenTurn, Outcome } from "../../src/store/open-turn.ts";
import { Quotas } from "../../src/store/quotas.ts";
import { SessionKeys } from "../../src/store/session-keys.ts";
import { findDetails, findSession, putDetails, removeSession } from "../../src/store/sessions.ts";
import { piecesFrom, putPieces } from "../../src/store/streamed.ts";
import type { Turn } from "../../src/store/turns.ts";
import { THEN, turnOf, withShelf } from "../support/archive.ts";
import type { Shelf } from "../support/archive.ts";

const DONE: Outcome = {
  status: "completed",
  output: "Yes",
  model: "test",
  input_tokens: 1,
  output_tokens: 1,
  duration_ms: 5,
};
const SHIPPED = [
  { ...PLAIN, name: "default" },
  { ...PLAIN, name: "support", instructions: "Be kind.", idle_seconds: 60 },
  { ...PLAIN, name: "cached", cache: true },
  { ...PLAIN, name: "travel", responder: "travel" as const },
  { ...PLAIN, name: "summing", summary: true, window: { messages: 2, tokens: null } },
];
const refusal = (code: string, more: object = {}) => expect.objectContaining({ code, ...more });
const key = { key: "k", hash: "h" };

interface Desk extends Shelf {
  /** A ledger over the same storage, as a new wake would make it. */
  wake: () => Ledger;
  ledger: Ledger & Shelf["ledger"];
  begin: (more?: Partial<BeginRequest>, ledger?: Ledger) => Promise<Begun>;
  /** Begun and not answered at once. */
  open: (more?: Partial<BeginRequest>, ledger?: Ledger) => Promise<OpenTurn>;
  settled: (more?: Partial<BeginRequest>, outcome?: Partial<Outcome>) => Promise<Turn>;
  tick: (ms: number) => void;
  /** Sessions that were brought back from their archives. */
  restored: string[];
  parts: ConversationParts;
}

function withDesk(test: (desk: Desk) => Promise<void>, limits: object = {}): Promise<void> {
  return withShelf(async (shelf) => {
    const { db, turns, counters } = shelf;
    let time = THEN;
    const restored: string[] = [];
    writeValue(db, "quotas", limits);
    const journal = {
      db,
      turns,
      counters,
      frames: new Frames(db),
      keys: new SessionKeys(db),
      sessionWritten: () => undefined,
      keyWritten: () => undefined,
      turnWritten: () => undefined,
      journalBegun: () => undefined,
    };
    const tools = { ...shelf.tools(), sessionKeys: journal.keys };
    const quotas = new Quotas(db, counters);
    const wake = (): Ledger => {
      const ledger: Ledger = new Ledger({
        ...journal,
        accountId: "desk",
        cacheHours: () => 2,
        line: new Line(() => time),
        quotas,
        assistants: new Assistants(db, SHIPPED),
        restore: async (sessionId) => {
          restored.push(sessionId);
          db.run("update sessions set segment = null where session_id = ?", sessionId);
        },
        fork: (turn, sessionId, now) => forkSession(tools, turn, sessionId, now),
        unfork: (sessionId) => takeOut({ ...tools, ledger }, findSession(db, sessionId)!),
        clock: () => time,
        sync: async () => undefined,
      });
      return ledger;
    };
    const ledger = wake();
    const begin: Desk["begin"] = (more = {}, by = ledger) =>
      by.begin(
        {
          session_id: "s",
          fresh_id: "fresh",
          models: ["local"],
          input: "Hi",
          on_busy: "reject",
          ...more,
        },
        time,
      );
    const open: Desk["open"] = async (more, by) => {
      const begun = await begin(more, by);
      if (begun.kind !== "begun") throw new Error(`expected a begun turn, got a ${begun.kind}`);
      return begun.turn;
    };
    await test({
      ...shelf,
      wake,
      ledger,
      begin,
      open,
      settled: async (more, outcome) =>
        ledger.settle(await open(more), { ...DONE, ...outcome }, time),
      tick: (ms) => {
        time += ms;
      },
      restored,
      parts: { ...journal, quotas, ledger },
    });
  });
}

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
    withDesk(async ({ begin, settled, db, ledger }) => {
      const left = async () => {
        const begun = await begin();
        ledger.drop("s");
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
      await expect(begin({ existing: true })).rejects.toEqual(
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
      async ({ begin, settled }) => {
        await settled({ session_id: "a" });
        await begin({ session_id: "b" });
        await expect(begin({ session_id: "c" })).rejects.toEqual(refusal("quota_sessions"));
        await begin({ session_id: "a" });
      },
      { sessions: 2 },
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
    withDesk(async ({ settled, open, ledger, tick }) => {
      expect(await open({ session_id: undefined })).toMatchObject({ session_id: "fresh" });
      ledger.drop("fresh");
      const sessionOf = async (fresh_id: string, more: Partial<BeginRequest> = {}) => {
        const turn = await open(ofUser({ fresh_id, ...more }));
        await ledger.settle(turn, DONE, turn.created_at);
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
      await settled({ session_id: undefined, fresh_id: "h" });
    }));

  it("shares the session that is being opened", () =>
    withDesk(async ({ open, ledger, begin }) => {
      const first = await open(ofUser({ fresh_id: "a" }));
      const second = begin(ofUser({ fresh_id: "b", on_busy: "queue" }));
      await ledger.settle(first, DONE, THEN);
      expect(await second).toMatchObject({ turn: { session_id: "a", turn_id: turnId(1, 2) } });
    }));

  it("is known before it is written, to whoever erases the user", () =>
    withDesk(async ({ open, ledger }) => {
      await open(ofUser({ fresh_id: "a", role: "r" }));
      await open({ session_id: "b", user_id: "v" });
      const of = (user_id: string, role?: string) => ledger.unwrittenSessionsOf({ user_id, role });
      expect([of("u"), of("u", "r"), of("u", "other"), of("v"), of("w")]).toEqual([
        ["a"],
        ["a"],
        [],
        ["b"],
        [],
      ]);
      ledger.flush("a");
      expect(of("u")).toEqual([]);
    }));
});

describe("a turn with an idempotency key", () => {
  it("is told again once it is completed, to whoever asks the same", () =>
    withDesk(async ({ begin, settled, db, restored }) => {
      const turn = await settled({ idempotency: key, user_id: "u" });
      expect(await begin({ idempotency: key })).toEqual({ kind: "replay", session_id: "s", turn });
      await expect(begin({ idempotency: { ...key, hash: "other" } })).rejects.toEqual(
        refusal("idempotency_mismatch"),
      );
      const caller = { key: null, user_id: "v" };
      await expect(begin({ idempotency: key, caller })).rejects.toEqual(
        refusal("idempotency_mismatch"),
      );
      db.run("update sessions set segment = 1");
      expect(await begin({ idempotency: key })).toMatchObject({ kind: "replay" });
      expect(restored).toEqual(["s"]);
    }));

  it("is one at a time, here and after an eviction", () =>
    withDesk(async ({ begin, open, ledger, wake }) => {
      const turn = await open({ idempotency: key });
      const again = { session_id: "t", idempotency: key };
      await expect(begin(again)).rejects.toEqual(refusal("idempotency_in_flight"));
      ledger.flush("s");
      await expect(begin(again, wake())).rejects.toEqual(refusal("idempotency_in_flight"));
      await ledger.settle(turn, DONE, THEN);
      expect(await begin(again)).toMatchObject({ kind: "replay" });
    }));

  it("is tried again in its place when it failed", () =>
    withDesk(async ({ open, settled, ledger, turns }) => {
      const failed = await settled(
        { idempotency: key },
        { status: "failed", output: null, error: { code: "model_failed", message: "No" } },
      );
      const again = await open({ session_id: "elsewhere", idempotency: key });
      expect(again).toMatchObject({ turn_id: failed.id, session_id: "s", shown: 0 });
      await ledger.settle(again, DONE, THEN);
      expect(turns.get(failed.id)).toMatchObject({ status: "completed", extra: {} });
    }));

  it("may be used by another when it was never begun", () =>
    withDesk(async ({ begin, open }) => {
      await expect(begin({ idempotency: key, existing: true })).rejects.toEqual(
        refusal("session_not_found"),
      );
      expect(await open({ idempotency: { ...key, hash: "other" } })).toMatchObject({
        idempotency: { hash: "other" },
      });
    }));

  it("is free once its turn is dropped", () =>
    withDesk(async ({ open, ledger }) => {
      await open({ idempotency: key });
      ledger.drop("s");
      expect(await open({ idempotency: key })).toMatchObject({ turn_id: turnId(2, 1) });
    }));

  it("stays in flight when a turn of another key ends", () =>
    withDesk(async ({ begin, open, ledger }) => {
      await open({ idempotency: key });
      const other = await open({ session_id: "t", idempotency: { key: "l", hash: "h" } });
      await ledger.settle(other, DONE, THEN);
      await expect(begin({ session_id: "u", idempotency: key })).rejects.toEqual(
        refusal("idempotency_in_flight"),
      );
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
    withDesk(async ({ begin, open, ledger, wake, tick, turns }) => {
      const turn = await open();
      ledger.flush("s");
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

describe("a turn behind another", () => {
  it("goes on in its session while that is the last, and in a copy else", () =>
    withDesk(async ({ begin, settled, ledger, turns }) => {
      const first = await settled();
      const second = await settled({ follows: first.id, session_id: undefined });
      expect(second.id).toBe(first.id + 1);
      const third = await begin({ follows: first.id, fresh_id: "copy" });
      expect(third).toMatchObject({
        turn: { session_id: "copy", turn_id: turnId(2, 2), new_session: false },
        window: [{ content: "Hi" }, { content: "Yes" }],
      });
      expect(turns.list(2, { order: "asc", limit: 9 })).toMatchObject([{ id: turnId(2, 1) }]);
      ledger.drop("copy");
      await begin({ follows: second.id });
      expect(await begin({ follows: second.id, fresh_id: "other" })).toMatchObject({
        turn: { session_id: "other" },
      });
    }));

  it("takes those that failed for nothing, up to twenty of them", () =>
    withDesk(async ({ begin, settled, ledger, turns }) => {
      const first = await settled();
      const failed = (seq: number) =>
        turns.insert(turnOf(turnId(1, seq), "Hi", { status: "failed", output: null }));
      for (let seq = 2; seq <= 20; seq += 1) failed(seq);
      expect(await begin({ follows: first.id })).toMatchObject({ turn: { session_id: "s" } });
      ledger.drop("s");
      failed(21);
      expect(await begin({ follows: first.id })).toMatchObject({ turn: { session_id: "fresh" } });
    }));

  it("goes another way when somebody was faster", () =>
    withDesk(async ({ begin, settled, ledger }) => {
      const first = await settled();
      const [a, b] = ["a", "b"].map((fresh_id) =>
        begin({ follows: first.id, fresh_id, on_busy: "queue" }),
      );
      const faster = await a!;
      expect(faster).toMatchObject({ turn: { session_id: "s" } });
      const { turn } = faster as Extract<Begun, { kind: "begun" }>;
      await ledger.settle(turn, DONE, THEN);
      expect(await b).toMatchObject({ turn: { session_id: "b" } });
      expect([ledger.isBusy("s"), ledger.isBusy("b")]).toEqual([false, true]);
    }));

  it("is refused where that is unknown, somebody else's, failed, deleted or not done", () =>
    withDesk(async ({ begin, settled, open, turns }) => {
      const gone = refusal("previous_response_not_found");
      await expect(begin({ follows: turnId(9, 1) })).rejects.toEqual(gone);
      const turn = await settled({ user_id: "u" });
      await expect(begin({ follows: turn.id + 1 })).rejects.toEqual(gone);
      const caller = { key: null, user_id: "v" };
      await expect(begin({ follows: turn.id, caller })).rejects.toEqual(gone);
      const failed = await settled({ session_id: "t" }, { status: "failed", output: null });
      const param = "previous_response_id";
      await expect(begin({ follows: failed.id })).rejects.toEqual(
        refusal("invalid_request", { param }),
      );
      await settled({ session_id: "u" });
      const begun = await open({ session_id: "u" });
      await expect(begin({ follows: begun.turn_id })).rejects.toEqual(
        refusal("response_in_progress", { param, retry_after_ms: 1_000 }),
      );
      turns.update({ ...turn, extra: { response: { deleted: true } } });
      await expect(begin({ follows: turn.id })).rejects.toEqual(gone);
    }));

  it("brings its session back from the archive", () =>
    withDesk(async ({ begin, settled, db, restored }) => {
      const turn = await settled();
      db.run("update sessions set segment = 1");
      expect(await begin({ follows: turn.id })).toMatchObject({ turn: { session_id: "s" } });
      expect(restored).toEqual(["s"]);
    }));

  it("leaves no copy where it is refused", () =>
    withDesk(async ({ begin, settled, db, ledger }) => {
      const first = await settled({ user_id: "u" });
      await settled();
      await expect(begin({ follows: first.id, user_id: "v" })).rejects.toEqual(
        refusal("invalid_request"),
      );
      expect(findSession(db, "fresh")).toBeNull();
      expect(findSession(db, "s")).not.toBeNull();
      expect(ledger.isBusy("fresh")).toBe(false);
    }));

  it("counts its copy as a session", () =>
    withDesk(
      async ({ begin, settled }) => {
        const first = await settled();
        await settled();
        await begin({ session_id: "t" });
        await expect(begin({ follows: first.id })).rejects.toEqual(refusal("quota_sessions"));
      },
      { sessions: 2 },
    ));
});

const request = (more: Partial<BeginRequest>): BeginRequest => ({
  fresh_id: "fresh",
  models: ["local"],
  input: "And?",
  on_busy: "reject",
  ...more,
});

describe("a look at what a turn would be answered with", () => {
  it("keeps nothing, and waits for nobody", () =>
    withDesk(async ({ settled, open, ledger, db }) => {
      const first = await settled({ assistant: "support" });
      await settled({ input: "Two" });
      await open({ input: "Three" });
      const before = db.rowsWritten;
      const peek = (more: Partial<BeginRequest>) => ledger.peek(request(more), THEN);
      const contents = async (more: Partial<BeginRequest>) =>
        (await peek(more)).window.map(({ content }) => content);
      expect(await peek({})).toEqual({
        assistant: "default",
        input: "And?",
        models: ["local"],
        window: [],
      });
      const all = ["Be kind.", "Hi", "Yes", "Two", "Yes"];
      expect(await contents({ session_id: "s" })).toEqual(all);
      expect(db.rowsWritten).toBe(before);
      expect(await contents({ follows: first.id })).toEqual(all.slice(0, 3));
      await expect(peek({ session_id: "t", existing: true })).rejects.toEqual(
        refusal("session_not_found", { param: "conversation" }),
      );
      const caller = { key: null, user_id: "v" };
      await expect(peek({ session_id: "s", caller })).rejects.toEqual(refusal("session_not_found"));
    }));

  it("brings a session back, and tells who answers in a model's place", () =>
    withDesk(async ({ settled, ledger, db, restored }) => {
      await settled({ assistant: "travel", state_patch: '{"a":1}' });
      db.run("update sessions set segment = 1");
      expect(await ledger.peek(request({ session_id: "s" }), THEN)).toMatchObject({
        responder: { name: "travel", state: '{"a":1}' },
        window: [{ content: "Hi" }, { content: "Yes" }],
      });
      expect(restored).toEqual(["s"]);
    }));
});

const piece = (delta: string) => JSON.stringify([{ type: "text", delta }]);

describe("a turn in the background", () => {
  const background = { background: true, response: { settings: '{"background":true}' } };
  const queued = async ({ open, ledger, db }: Desk): Promise<OpenTurn> => {
    const turn = await open(background);
    ledger.flush("s");
    putBackground(db, { turn_id: turn.turn_id, attempts: 0, due_at: THEN });
    return turn;
  };

  it("is taken up by one, and with what it was begun with", () =>
    withDesk(async (desk) => {
      const { ledger, db } = desk;
      const turn = await queued(desk);
      const resumed = await ledger.resume(turn.turn_id, ["local"], THEN);
      expect(resumed).toMatchObject({ kind: "begun", turn: { token: turn.token } });
      expect(findBackground(db, turn.turn_id)).toEqual({
        turn_id: turn.turn_id,
        attempts: 1,
        due_at: THEN + LEASE_MS,
      });
      expect(await ledger.resume(turn.turn_id, ["local"], THEN)).toBeNull();
      await ledger.settle(turn, DONE, THEN);
      expect(findBackground(db, turn.turn_id)).toBeNull();
    }));

  it("is taken up after an eviction, as it was asked", () =>
    withDesk(async (desk) => {
      const { wake, turns, tick } = desk;
      const turn = await queued(desk);
      const woken = wake();
      tick(10);
      const resumed = await woken.resume(turn.turn_id, ["other"], THEN + 10);
      expect(resumed).toMatchObject({
        models: ["other"],
        turn: {
          turn_id: turn.turn_id,
          created_at: THEN,
          input: "Hi",
          response: background.response,
          background: true,
        },
      });
      expect(resumed?.turn.token).not.toBe(turn.token);
      await woken.settle(resumed!.turn, DONE, THEN + 10);
      expect(turns.get(turn.turn_id)).toMatchObject({ status: "completed", output: "Yes" });
    }));

  it("fails when answering it broke off too often, or in the middle", () =>
    withDesk(async (desk) => {
      const { ledger, db, turns, tick } = desk;
      const turn = await queued(desk);
      const { turn_id } = turn;
      putBackground(db, { turn_id, attempts: BACKGROUND_ATTEMPTS, due_at: THEN });
      expect(await ledger.resume(turn_id, ["local"], THEN)).toBeNull();
      expect(turns.get(turn_id)).toMatchObject({ status: "in_progress" });
      tick(LEASE_MS);
      expect(await ledger.resume(turn_id, ["local"], THEN)).toBeNull();
      expect(turns.get(turn_id)).toMatchObject({
        status: "failed",
        duration_ms: LEASE_MS,
        extra: { error: { code: "model_failed" }, response: background.response },
      });
      expect(turns.get(turn_id)?.extra).not.toHaveProperty("lease");
      expect(findBackground(db, turn_id)).toBeNull();
    }));

  it("is none any more once it is settled, or gone", () =>
    withDesk(async (desk) => {
      const { ledger, db, turns } = desk;
      const turn = await queued(desk);
      const { turn_id } = turn;
      turns.update(turnOf(turn_id, "Hi"));
      putBackground(db, { turn_id: turn_id + 1, attempts: 0, due_at: THEN });
      expect(await ledger.resume(turn_id, ["local"], THEN)).toBeNull();
      expect(findBackground(db, turn_id)).toBeNull();
      expect(findBackground(db, turn_id + 1)).not.toBeNull();
      expect(await ledger.resume(turn_id, ["local"], THEN)).toBeNull();
    }));

  it("is awaited while it may be taken up again, or its lease runs", () =>
    withDesk(async ({ db, turns, add }) => {
      add("s", ["Hi"]);
      const open = turnOf(turnId(1, 2), "Hi", { status: "in_progress", output: null });
      const leased = { ...open, extra: { lease: { token: "t", until: THEN + 1 } } };
      const outside = { ...open, extra: { lease: { token: "", until: THEN + 1 } } };
      expect(isLastAwaited({ db, turns }, 1, THEN)).toBe(false);
      turns.insert(leased);
      expect(isLastAwaited({ db, turns }, 1, THEN)).toBe(true);
      expect(isLastAwaited({ db, turns }, 2, THEN)).toBe(false);
      const awaited = (turn: Turn, now = THEN) => isAwaited(db, turn, now);
      expect([awaited(leased), awaited(leased, THEN + 1), awaited(outside), awaited(open)]).toEqual(
        [true, false, false, false],
      );
      expect(awaited({ ...leased, status: "completed" })).toBe(false);
      const attempts = (many: number) => {
        putBackground(db, { turn_id: open.id, attempts: many, due_at: THEN });
        return awaited(open);
      };
      expect([attempts(0), attempts(1), attempts(2), attempts(3)]).toEqual([
        true,
        true,
        true,
        false,
      ]);
      putPieces(db, open.id, 0, piece("Hel"));
      expect([attempts(0), attempts(1)]).toEqual([true, false]);
      expect(awaited({ ...open, status: "failed" })).toBe(false);
    }));
});

describe("an answer on its way", () => {
  it("is kept piece by piece, by whoever has the turn", () =>
    withDesk(async ({ open, ledger, wake, db, tick, turns }) => {
      const turn = await open();
      expect(ledger.append(turn, 0, piece("Hel"))).toBe(true);
      expect(turns.get(turn.turn_id)).toMatchObject({ status: "in_progress" });
      const woken = wake();
      expect(woken.append(turn, 1, piece("lo"))).toBe(true);
      expect(woken.append({ ...turn, token: "other" }, 2, piece("!"))).toBe(false);
      tick(LEASE_MS);
      expect(woken.append(turn, 2, piece("!"))).toBe(false);
      expect(piecesFrom(db, turn.turn_id, 0)).toHaveLength(2);
    }));

  it("ends in the middle, with what had come of it", () =>
    withDesk(async ({ open, ledger, db, turns, tick, counters, settled }) => {
      await settled();
      expect(counters.read().messages).toBe(2);
      const turn = await open({ response: { settings: "{}" } });
      ledger.append(turn, 0, piece("Hello"));
      tick(7);
      const cancelled = ledger.cancel("s", turn.turn_id);
      expect(cancelled).toMatchObject({
        status: "interrupted",
        output: "Hello",
        duration_ms: 7,
        extra: { response: { cut: "cancelled", pieces: [[5]] } },
      });
      expect(cancelled?.extra).not.toHaveProperty("lease");
      expect(turns.get(turn.turn_id)).toEqual(cancelled);
      expect(piecesFrom(db, turn.turn_id, 0)).toEqual([]);
      expect(counters.read().messages).toBe(4);
      expect(ledger.isBusy("s")).toBe(false);
      expect(ledger.cancel("s", turn.turn_id)).toBeNull();
    }));
});

describe("a turn on its way", () => {
  it("is written when somebody has to know of it, and by its id", () =>
    withDesk(async ({ open, ledger, turns }) => {
      const turn = await open({ response: { settings: "{}" } });
      ledger.flushTurn(turn.turn_id + 1);
      ledger.flush("other");
      expect(turns.get(turn.turn_id)).toBeNull();
      ledger.flushTurn(turn.turn_id);
      expect(turns.get(turn.turn_id)).toMatchObject({
        status: "in_progress",
        extra: {
          lease: { token: turn.token, until: THEN + LEASE_MS },
          response: { settings: "{}" },
        },
      });
    }));

  it("that only its caller knows of has not begun where it cannot be kept", () =>
    withDesk(async ({ open, ledger, db, turns }) => {
      const turn = await open();
      turns.insert(turnOf(turn.turn_id, "of another instance"));
      await expect(ledger.settleAtOnce(turn, DONE, THEN)).rejects.toThrow("UNIQUE constraint");
      expect(ledger.isBusy("s")).toBe(false);
      expect(findSession(db, "s")).toBeNull();
      turns.remove([turn.turn_id, turn.turn_id + 1]);
      await ledger.settleAtOnce(await open(), DONE, THEN);
      expect(findSession(db, "s")).not.toBeNull();
    }));

  it("is none of the account's once that is erased", () =>
    withDesk(async ({ open, begin, ledger }) => {
      const turn = await open({ idempotency: key });
      const waiting = begin({ on_busy: "queue" });
      ledger.close();
      await expect(waiting).rejects.toEqual(refusal("session_erased"));
      await expect(ledger.settle(turn, DONE, THEN)).rejects.toEqual(refusal("session_erased"));
      expect(ledger.unwrittenSessionsOf({ user_id: "u" })).toEqual([]);
    }));

  it("has in its row what its outcome says", () =>
    withDesk(async ({ open, ledger, turns }) => {
      const turn = await open({ response: { settings: "{}" } });
      const settled = await ledger.settle(
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

const said = (content: string) => ({ type: "message", role: "user", content }) as const;

const make = ({ parts }: Desk, more: object = {}, caller: object | null = null) =>
  createConversation(
    parts,
    caller && { key: null, ...caller },
    { session_id: "conv", metadata: {}, items: [], ...more },
    THEN,
  );

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
    const refused = async (limits: object, items: object[]) => {
      await withDesk(async (desk) => {
        expect(() => make(desk, { items })).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^quota_/) }),
        );
      }, limits);
    };
    await refused({ sessions: 0 }, []);
    await refused({ sessions: 0 }, [said("One")]);
    await refused({ stored_bytes: 1 }, []);
    await refused({ turns_per_day: 0 }, [said("One")]);
    await withDesk(async (desk) => void make(desk), { turns_per_day: 0, sessions: 1 });
  });

  it("takes items as a turn that nobody answers, once for a key", () =>
    withDesk(async (desk) => {
      const { db, parts, turns, ledger } = desk;
      const add = (more: object = {}) =>
        addItems(parts, null, { session_id: "conv", items: [said("One")], ...more }, THEN);
      await expect(add()).rejects.toEqual(refusal("session_not_found"));
      expect(ledger.isBusy("conv")).toBe(false);
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
