import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";

import { PLAIN } from "../../../src/assistants/shipped.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { Assistants } from "../../../src/account/store/account/assistants.ts";
import { LEASE_MS, SessionQueue } from "../../../src/account/conversation/session-queue.ts";
import { writeValue } from "../../../src/account/store/account/account-values.ts";
import { Counters } from "../../../src/account/store/usage/counters.ts";
import { Database } from "../../../src/sqlite/database.ts";
import { GroupCommit } from "../../../src/sqlite/group-commit.ts";
import { SystemPrompts } from "../../../src/account/store/turns/system-prompts.ts";
import { Quotas } from "../../../src/account/store/usage/quotas.ts";
import { SessionCache } from "../../../src/account/store/sessions/session-cache.ts";
import { SessionKeys } from "../../../src/account/store/sessions/session-keys.ts";
import { TurnLifecycle } from "../../../src/account/conversation/turn-lifecycle.ts";
import type {
  BeginRequest,
  BeginResult,
  OpenTurn,
} from "../../../src/account/conversation/turn-contract.ts";
import { piecesFrom } from "../../../src/account/store/turns/stream-pieces.ts";
import { Turns } from "../../../src/account/store/turns/turns.ts";
import { readWindow } from "../../../src/account/conversation/window.ts";
import { Client, freshAccount, objectOf } from "../../support/client.ts";
import { PATIENCE, untilListed, untilRow } from "../../support/until.ts";
import { ANY_ROOM } from "../../support/archive.ts";
import { DONE } from "../../support/desk.ts";
import type { Turn } from "../../../src/shared/turn.ts";
import { accountRpc } from "../../../src/account/account-client.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const request = (more: Partial<BeginRequest> = {}): BeginRequest => ({
  session_id: "s",
  new_session_id: "fresh",
  models: ["local"],
  input: "Hi",
  on_busy: "queue",
  ...more,
});

function turnOf(begun: BeginResult): OpenTurn {
  if (begun.kind !== "begun") throw new Error(`expected a begun turn, got a ${begun.kind}`);
  return begun.turn;
}

/** An account's object, as the Worker calls it. */
function account(accountId = freshAccount()) {
  const object = objectOf(accountId);
  return {
    object,
    client: new Client({}, accountId),
    begin: async (more?: Partial<BeginRequest>, at = NOW) =>
      turnOf(unwrap(await accountRpc(object).turns.begin(null, request(more), at))),
    settle: async (turn: OpenTurn, outcome = DONE, at = NOW) =>
      accountRpc(object).turns.settle(turn, outcome, at),
    rows: async () => unwrap(await accountRpc(object).settings.rows()),
  };
}

/** A piece of an answer, as it is kept. */
const told = (delta: string) => JSON.stringify([{ type: "text", delta }]);

/** Until a begun turn is written, which it is some 50 ms later unless it is settled first. */
const written = (object: ReturnType<typeof objectOf>, { turn_id }: OpenTurn) =>
  untilRow(object, `turns where id = ${turn_id}`);
const kept = (turns: Turns, { turn_id }: OpenTurn) =>
  vi.waitFor(() => expect(turns.get(turn_id)).not.toBeNull(), PATIENCE);
/** Longer than a begun turn stays unwritten: for what must not be written then. */
const UNWRITTEN_MS = 120;

describe("rows written", () => {
  it("are one for a turn that is answered at once, two for one that takes a while", async () => {
    const { object, begin, settle, rows } = account();
    await settle(await begin());
    await untilListed(object);
    const before = (await rows()).written;
    await settle(await begin());
    const between = (await rows()).written;
    expect(between - before).toBe(1);
    const slow = await begin();
    await written(object, slow);
    await settle(slow);
    expect((await rows()).written - between).toBe(2);
  });

  it("are two more for a new session, and one more on another day", async () => {
    const { object, begin, settle, rows } = account();
    await settle(await begin());
    await untilListed(object);
    const before = (await rows()).written;
    await settle(await begin({ session_id: "t" }));
    const between = (await rows()).written;
    expect(between - before).toBe(3);
    await settle(await begin({ session_id: "t" }, NOW + 86_400_000));
    expect((await rows()).written - between).toBe(2);
  });

  it("read no more than ten rows for a window of 10, at any depth", async () => {
    const { begin, settle, rows } = account();
    const support = { session_id: "t", assistant: "support" };
    for (let n = 0; n < 60; n += 1) await settle(await begin(support));
    const before = (await rows()).read;
    await settle(await begin(support));
    expect((await rows()).read - before).toBeLessThanOrEqual(10);
  });
});

describe("a turn whose object was evicted between begin and settle", () => {
  it("is settled all the same when it was written", async () => {
    const { object, begin, settle, client } = account();
    const turn = await begin();
    await written(object, turn);
    await evictDurableObject(object);
    expect(await settle(turn)).toMatchObject({ ok: true, value: { status: "completed" } });
    expect((await client.get("/sessions/s/turns")).body.data).toHaveLength(1);
  });

  it("keeps its place: the next turn waits for it", async () => {
    const { object, begin, settle, client } = account();
    const turn = await begin();
    await written(object, turn);
    await evictDurableObject(object);
    const next = begin({ input: "Second" });
    await scheduler.wait(20);
    expect(
      await accountRpc(object).turns.begin(null, request({ on_busy: "reject" }), NOW),
    ).toMatchObject({
      ok: false,
      error: { code: "session_busy" },
    });
    await settle(turn);
    expect((await settle(await next)).ok).toBe(true);
    const { body } = await client.get("/sessions/s/turns");
    expect(body.data.map(({ input }: { input: string }) => input)).toEqual(["Hi", "Second"]);
  });
});

it("settles once when the same settle comes twice", async () => {
  const { begin, settle, client } = account();
  const turn = await begin();
  const [first, second] = [await settle(turn), await settle(turn)];
  expect(second).toEqual(first);
  expect((await client.get("/storage-stats")).body).toMatchObject({
    total_turns: 1,
    total_messages: 2,
  });
});

it("looks over no more than 200 turns for a window, however many failed", async () => {
  await withLedger(async ({ wake, turns }) => {
    const lifecycle = wake();
    const first = turnOf(await lifecycle.begin(request(), NOW));
    await lifecycle.settle(first, DONE, NOW);
    const failed = { ...(turns.get(first.turn_id) as Turn), status: "failed" as const };
    for (let n = 1; n <= 1_000; n += 1) turns.insert({ ...failed, id: first.turn_id + n });
    const frame = { assistant: { ...PLAIN, name: "default" }, facts: [], summary: null, input: "" };
    const { messages } = readWindow(turns, 1, frame, null);
    expect(messages).toEqual([]);
  });
});

it("does not let a late settle bring an erased session back", async () => {
  const { begin, settle, client } = account();
  await settle(await begin());
  const turn = await begin();
  await client.call("DELETE", "/sessions/s");
  expect(await settle(turn)).toMatchObject({ ok: false, error: { code: "session_erased" } });
  expect((await client.get("/sessions/s")).status).toBe(404);
});

it("does not let a late settle into an account that was erased meanwhile", async () => {
  const { object, begin, settle, client } = account();
  const turn = await begin({}, Date.now() - 1);
  const waiting = accountRpc(object).turns.begin(null, request(), Date.now());
  unwrap(await accountRpc(object).erasure.eraseAccount());
  expect(await waiting).toMatchObject({ ok: false, error: { code: "session_erased" } });
  expect(await settle(turn)).toMatchObject({ ok: false, error: { code: "session_erased" } });
  await scheduler.wait(UNWRITTEN_MS);
  expect((await client.get("/storage-stats")).body).toMatchObject({
    total_conversations: 0,
    total_turns: 0,
  });
});

it("lets those in line go on when the session is erased, to be told so", async () => {
  const { object, begin, settle, client } = account();
  await settle(await begin());
  await begin();
  const waiting = accountRpc(object).turns.begin(null, request(), NOW);
  await client.call("DELETE", "/sessions/s");
  expect(await waiting).toMatchObject({ ok: false, error: { code: "session_erased" } });
});

/** Ledgers over one object's storage, each as a new wake would make it, with a clock of the test's own. */
const withLedger = (
  test: (parts: {
    wake: () => TurnLifecycle;
    db: Database;
    turns: Turns;
    tick: (ms: number) => void;
  }) => Promise<void>,
  slowSyncMs = 0,
) =>
  runInDurableObject(objectOf(freshAccount()), async (_, { storage }) => {
    let time = NOW;
    const clock = () => time;
    const db = new Database(storage);
    const turns = new Turns(db);
    let rows = 0;
    // A disk that takes its time for what was written: what comes meanwhile waits for the next commit.
    const sync = async () => {
      if (db.rowsWritten > rows) await scheduler.wait(slowSyncMs);
      rows = db.rowsWritten;
      await storage.sync();
    };
    const wake = () =>
      new TurnLifecycle({
        db,
        turns,
        frames: new SystemPrompts(db),
        accountId: "lifecycle",
        cacheHours: () => null,
        queue: new SessionQueue(clock),
        keys: new SessionKeys(db),
        sessions: new SessionCache(db),
        counters: new Counters(db),
        quotas: new Quotas(db, new Counters(db), ANY_ROOM),
        assistants: new Assistants(db, [{ ...PLAIN, name: "default" }]),
        restore: () => Promise.reject(new Error("nothing is archived")),
        archiveOf: () => {
          throw new Error("nothing is archived");
        },
        fork: () => undefined,
        unfork: () => undefined,
        sessionWritten: () => undefined,
        keyWritten: () => undefined,
        turnWritten: () => undefined,
        clock,
        commits: new GroupCommit(db, sync),
      });
    await test({ wake, db, turns, tick: (ms) => (time += ms) });
  });

describe("a turn that was not written yet when its object was evicted", () => {
  it("is settled all the same", async () => {
    await withLedger(async ({ wake, turns }) => {
      const gone = wake();
      const turn = turnOf(await gone.begin(request({ user_id: "u" }), NOW));
      gone.drop("s");
      expect(await wake().settle(turn, DONE, NOW)).toMatchObject({ status: "completed" });
      expect(turns.get(turn.turn_id)).toMatchObject({
        status: "completed",
        input: "Hi",
        output: "Yes",
      });
    });
  });

  it("is counted on its day, although what was saved has it not", async () => {
    await withLedger(async ({ wake, db }) => {
      writeValue(db, "quotas", { turns_per_day: 2 });
      const counters = new Counters(db);
      await counters.load();
      new Quotas(db, counters, ANY_ROOM).save(NOW);
      const gone = wake();
      const turn = turnOf(await gone.begin(request(), NOW));
      gone.drop("s");
      const awake = wake();
      await awake.settle(turn, DONE, NOW);
      await awake.settle(turnOf(await awake.begin(request(), NOW)), DONE, NOW);
      await expect(awake.begin(request(), NOW)).rejects.toMatchObject({ code: "quota_turns" });
    });
  });

  it("loses to a turn that took its place meanwhile, and changes nothing", async () => {
    await withLedger(async ({ wake, turns }) => {
      const [gone, awake] = [wake(), wake()];
      await awake.settle(turnOf(await awake.begin(request(), NOW)), DONE, NOW);
      const late = turnOf(await gone.begin(request({ input: "late" }), NOW));
      gone.drop("s");
      const other = turnOf(await awake.begin(request({ input: "other" }), NOW + 1));
      expect(other.turn_id).toBe(late.turn_id);
      await expect(awake.settle(late, DONE, NOW)).rejects.toMatchObject({ code: "turn_lost" });
      await awake.settle(other, DONE, NOW);
      await expect(awake.settle(late, DONE, NOW)).rejects.toMatchObject({ code: "turn_lost" });
      expect(turns.get(other.turn_id)).toMatchObject({ input: "other", status: "completed" });
    });
  });
});

it("a begun turn is written by its own age, and not with an older one", async () => {
  await withLedger(async ({ wake, turns }) => {
    const lifecycle = wake();
    let sessions = 0;
    const begin = async () => {
      sessions += 1;
      return turnOf(await lifecycle.begin(request({ session_id: `s${sessions}` }), NOW));
    };
    // Where the machine is slow, the younger one is old, too, before the older one is seen: then two others are begun.
    await vi.waitFor(async () => {
      const older = await begin();
      let younger = await begin();
      while (turns.get(older.turn_id) === null) {
        younger = await begin();
        await scheduler.wait(1);
      }
      expect(turns.get(younger.turn_id)).toBeNull();
    }, PATIENCE);
  });
});

describe("on a slow disk", () => {
  const SLOW_MS = 80;

  it("a turn that is settled while its begin waits to be written stays settled", async () => {
    await withLedger(async ({ wake, turns }) => {
      const lifecycle = wake();
      const sessions = ["a", "b", "c", "d"];
      const open = await Promise.all(
        sessions.map(async (session_id) =>
          turnOf(await lifecycle.begin(request({ session_id }), NOW)),
        ),
      );
      // The first settle starts a commit; the others, and what is written behind, wait for it.
      const settled = await Promise.all(
        open.map(async (turn, index) => {
          await scheduler.wait(index * 8);
          return lifecycle.settle(turn, DONE, NOW);
        }),
      );
      expect(settled.map(({ status }) => status)).toEqual(Array(4).fill("completed"));
      await scheduler.wait(3 * SLOW_MS);
      for (const { turn_id } of open)
        expect(turns.get(turn_id)).toMatchObject({ status: "completed", output: "Yes" });
    }, SLOW_MS);
  });

  it("nothing that waits to be written is written after the account or its session was erased", async () => {
    await withLedger(async ({ wake, turns }) => {
      const lifecycle = wake();
      const [first, second, third] = await Promise.all(
        ["a", "b", "c"].map(async (session_id) =>
          turnOf(await lifecycle.begin(request({ session_id }), NOW)),
        ),
      );
      await lifecycle.settle(first as OpenTurn, DONE, NOW);
      const waiting = lifecycle.settle(second as OpenTurn, DONE, NOW);
      lifecycle.close();
      await expect(waiting).rejects.toMatchObject({ code: "session_erased" });
      await scheduler.wait(3 * SLOW_MS);
      expect([second, third].map((turn) => turns.get((turn as OpenTurn).turn_id))).toEqual([
        null,
        null,
      ]);
    }, SLOW_MS);
  });
});

describe("two instances of one object, the first killed before it wrote", () => {
  it("do not answer one session with another's turn", async () => {
    await withLedger(async ({ wake, turns }) => {
      const [killed, awake] = [wake(), wake()];
      const first = turnOf(await killed.begin(request({ session_id: "s1", input: "one" }), NOW));
      killed.drop("s1");
      const second = turnOf(await awake.begin(request({ session_id: "s2", input: "two" }), NOW));
      expect(second.turn_id).toBe(first.turn_id);
      await awake.settle(second, DONE, NOW);
      await expect(awake.settle(first, DONE, NOW)).rejects.toMatchObject({ code: "turn_lost" });
      expect(turns.get(second.turn_id)).toMatchObject({ input: "two" });
    });
  });

  it("keep one effect for one idempotency key", async () => {
    await withLedger(async ({ wake }) => {
      const [killed, awake] = [wake(), wake()];
      await awake.settle(turnOf(await awake.begin(request({ session_id: "s0" }), NOW)), DONE, NOW);
      const idempotency = { key: "k", hash: "h" };
      const first = turnOf(await killed.begin(request({ session_id: "s1", idempotency }), NOW));
      killed.drop("s1");
      const retry = turnOf(await awake.begin(request({ session_id: "s2", idempotency }), NOW));
      await awake.settle(retry, DONE, NOW);
      await expect(awake.settle(first, DONE, NOW)).rejects.toMatchObject({ code: "turn_lost" });
    });
  });
});

describe("a lease that runs out", () => {
  it("leaves the turn abandoned, and the session goes on", async () => {
    await withLedger(async ({ wake, turns, tick }) => {
      const lifecycle = wake();
      const lost = turnOf(await lifecycle.begin(request({ input: "lost" }), NOW));
      await kept(turns, lost);
      tick(LEASE_MS);
      const next = turnOf(await lifecycle.begin(request({ input: "next" }), NOW));
      await lifecycle.settle(next, DONE, NOW);
      expect(turns.get(lost.turn_id)).toMatchObject({ status: "abandoned", input: "lost" });
      expect(turns.get(next.turn_id)).toMatchObject({ status: "completed", input: "next" });
      await expect(lifecycle.settle(lost, DONE, NOW)).rejects.toMatchObject({ code: "turn_lost" });
      expect(turns.get(lost.turn_id)).toMatchObject({ status: "abandoned", output: null });
    });
  });

  it("does not run out while it is renewed", async () => {
    await withLedger(async ({ wake, turns, tick }) => {
      const lifecycle = wake();
      const slow = turnOf(await lifecycle.begin(request(), NOW));
      await kept(turns, slow);
      for (let n = 0; n < 5; n += 1) {
        tick(LEASE_MS - 1);
        expect(lifecycle.renew(slow)).toBe(true);
      }
      await expect(lifecycle.begin(request({ on_busy: "reject" }), NOW)).rejects.toMatchObject({
        code: "session_busy",
      });
      expect(await lifecycle.settle(slow, DONE, NOW)).toMatchObject({ status: "completed" });
    });
  });

  it("is renewed after an eviction, too", async () => {
    await withLedger(async ({ wake, turns, tick }) => {
      const slow = turnOf(await wake().begin(request(), NOW));
      await kept(turns, slow);
      const awake = wake();
      for (let n = 0; n < 3; n += 1) {
        tick(LEASE_MS - 1);
        expect(awake.renew(slow)).toBe(true);
      }
      expect(await awake.settle(slow, DONE, NOW)).toMatchObject({ status: "completed" });
      expect(awake.renew(slow)).toBe(false);
      expect(turns.get(slow.turn_id)).toMatchObject({ status: "completed", output: "Yes" });
    });
  });

  it("frees the idempotency key of an attempt that was lost", async () => {
    await withLedger(async ({ wake, turns, tick }) => {
      const lifecycle = wake();
      const idempotency = { key: "k", hash: "h" };
      const lost = turnOf(await lifecycle.begin(request({ idempotency }), NOW));
      await kept(turns, lost);
      await expect(lifecycle.begin(request({ idempotency }), NOW)).rejects.toMatchObject({
        code: "idempotency_in_flight",
      });
      tick(LEASE_MS);
      const retried = turnOf(await lifecycle.begin(request({ idempotency }), NOW + 1));
      expect(retried.turn_id).toBe(lost.turn_id);
      await lifecycle.settle(retried, DONE, NOW);
      expect(turns.get(lost.turn_id)).toMatchObject({ status: "completed" });
      expect(await lifecycle.begin(request({ idempotency }), NOW)).toMatchObject({
        kind: "replay",
      });
    });
  });

  it("takes along what had been streamed of it when it is tried again", async () => {
    await withLedger(async ({ wake, turns, tick, db }) => {
      const lifecycle = wake();
      const again = request({ idempotency: { key: "k", hash: "h" } });
      const lost = turnOf(await lifecycle.begin(again, NOW));
      await kept(turns, lost);
      expect(lifecycle.append(lost, 0, told("Lo"))).toBe(true);
      tick(LEASE_MS);
      const retried = turnOf(await lifecycle.begin(again, NOW + 1));
      expect(retried.turn_id).toBe(lost.turn_id);
      expect(lifecycle.append(retried, 0, told("New"))).toBe(true);
      expect(piecesFrom(db, retried.turn_id, 0)).toEqual([{ type: "text", delta: "New" }]);
    });
  });
});

it("groups the commits of many turns at once, and keeps each", async () => {
  const { begin, settle, client } = account();
  const ids = Array.from({ length: 64 }, (_, n) => `s${n}`);
  const turns = await Promise.all(ids.map((session_id) => begin({ session_id })));
  const settled = await Promise.all(turns.map((turn) => settle(turn)));
  expect(settled.every(({ ok }) => ok)).toBe(true);
  expect((await client.get("/storage-stats")).body).toMatchObject({
    total_conversations: 64,
    total_turns: 64,
    total_messages: 128,
  });
});
