import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  getQueueResult,
  runDurableObjectAlarm,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { fanOut } from "../../src/jobs/fan-out.ts";
import { Client, DAY } from "../support/client.ts";
import { root } from "../support/keys.ts";

const START = Date.UTC(2026, 0, 10, 12);

const HOUR = 60 * 60_000;
/** The hours of a day at which it asks for accounts. */
const hoursOf = async (vars: object) => {
  let asked = false;
  const DIRECTORY = {
    getByName: () => {
      asked = true;
      return { due: () => Promise.resolve({ ok: true, value: [] }) };
    },
  };
  const midnight = Date.parse("2026-11-28T00:00:00Z");
  const hours: number[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    asked = false;
    const at = { scheduledTime: midnight + hour * HOUR, cron: "0 * * * *" };
    const bindings = { ...env, ...vars, DIRECTORY } as unknown as Env;
    await worker.scheduled({ ...at, noRetry: () => undefined }, bindings);
    if (asked) hours.push(hour);
  }
  return hours;
};

async function deliver(...bodies: object[]) {
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: new Date(),
    attempts: 1,
    body,
  }));
  const batch = createMessageBatch("colloquy-jobs", messages);
  const context = createExecutionContext();
  await worker.queue(batch, env);
  return getQueueResult(batch, context);
}

/** Adds sessions of one turn, last accessed at {@link START}. */
async function importSessions(client: Client, count: number): Promise<void> {
  const created_at = new Date(START).toISOString();
  const lines = Array.from({ length: count }, (_, n) => [
    { type: "session", format: 6, session_id: `s${n}`, turns: 1 },
    { type: "turn", created_at, duration_ms: 1, model: "local", input: "Hi", output: "Hello" },
  ]).flat();
  const body = lines.map((line) => JSON.stringify(line)).join("\n");
  await client.post("/import", { at: START, body });
}

/** Bindings with which an account's sweep fails after so many batches. */
function failingAfter(client: Client, batches: number) {
  let left = batches;
  const failing = new Proxy(client.object, {
    get(object, name) {
      if (name !== "archives.sweep") return Reflect.get(object, name);
      left -= 1;
      if (left >= 0) return Reflect.get(object, name);
      return () => Promise.reject(new TypeError("no sweep now"));
    },
  });
  return { CONVERSATIONS: { getByName: () => failing } };
}

/** Accounts that the directory would have swept at `now`. */
async function queuedAt(now: number, vars: object = {}): Promise<string[]> {
  const sent: string[] = [];
  const JOBS = {
    sendBatch: (messages: { body: { account_id: string } }[]) => {
      sent.push(...messages.map(({ body }) => body.account_id));
      return Promise.resolve();
    },
  };
  await fanOut({ ...env, ...vars, JOBS: JOBS as unknown as Queue }, "sweep", now);
  return sent;
}

describe("the daily cron", () => {
  it("says so in the log and queues the accounts that are due, and no others", async () => {
    const [due, recent] = [new Client(), new Client()];
    await due.ask("Hi", {}, { at: Date.now() - 40 * DAY });
    await recent.ask("Hi");
    await runDurableObjectAlarm(due.object);
    await runDurableObjectAlarm(recent.object);
    const logged = vi.spyOn(console, "log");
    const context = createExecutionContext();
    await worker.scheduled(
      createScheduledController({ scheduledTime: new Date(), cron: "0 2 * * *" }),
      env,
    );
    await waitOnExecutionContext(context);
    expect(logged.mock.calls.flat().join("\n")).toContain("[Cron] Starting scheduled purge job");
    const queued = await queuedAt(Date.now());
    expect(queued).toContain(due.account);
    expect(queued).not.toContain(recent.account);
  });

  it("forgets after 30 days and one millisecond, not after 30 days", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: START });
    const job = { type: "sweep", account_id: client.account };
    await deliver({ ...job, now: START + 30 * DAY });
    expect((await client.get("/sessions/s")).body.status).toBe("live");
    await deliver({ ...job, now: START + 30 * DAY + 1 });
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
  });

  it("goes by the last turn, also within a day and when the clock goes backwards", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: START });
    await client.ask("Hi", { session_id: "s" }, { at: START + 3_600_000 });
    await client.ask("Hi", { session_id: "s" }, { at: START + 1_800_000 });
    const job = { type: "sweep", account_id: client.account };
    await deliver({ ...job, now: START + 30 * DAY + 1 });
    expect((await client.get("/sessions/s")).body.status).toBe("live");
    await deliver({ ...job, now: START + 30 * DAY + 3_600_001 });
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
  });

  it("ends alike when it comes twice", async () => {
    const client = new Client();
    for (let n = 0; n < 5; n += 1) await client.ask("Hi", {}, { at: START });
    const job = { type: "sweep", account_id: client.account, now: START + 31 * DAY };
    const result = await deliver(job, job);
    expect(result.explicitAcks).toEqual(["m0", "m1"]);
    const { body } = await client.get("/storage-stats", { at: START + 31 * DAY });
    expect(body).toMatchObject({
      total_conversations: 0,
      archived_conversations: 5,
      due_for_purge: 0,
    });
    const objects = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    expect(objects.objects).toHaveLength(1);
  });

  it("looks at an account again when its next session is due, not before", async () => {
    const client = new Client();
    await client.ask("Hi", {}, { at: START });
    await client.ask("Hi", {}, { at: START + 5 * DAY });
    await runDurableObjectAlarm(client.object);
    await deliver({ type: "sweep", account_id: client.account, now: START + 31 * DAY });
    await runDurableObjectAlarm(client.object);
    expect(await queuedAt(START + 34 * DAY)).not.toContain(client.account);
    expect(await queuedAt(START + 36 * DAY)).toContain(client.account);
  });

  it("looks sooner when a session is older than what the directory knows of", async () => {
    const client = new Client();
    await client.ask("Hi");
    await runDurableObjectAlarm(client.object);
    expect(await queuedAt(START + 31 * DAY)).not.toContain(client.account);
    await client.ask("Hi", {}, { at: START });
    await runDurableObjectAlarm(client.object);
    expect(await queuedAt(START + 31 * DAY)).toContain(client.account);
  });

  it("looks at once at accounts that a shorter RETENTION_DAYS makes due", async () => {
    const client = new Client();
    await client.ask("Hi", {}, { at: START });
    await runDurableObjectAlarm(client.object);
    expect(await queuedAt(START + 8 * DAY)).not.toContain(client.account);
    expect(await queuedAt(START + 8 * DAY, { RETENTION_DAYS: "7" })).toContain(client.account);
  });

  it("looks sooner when a session is unpinned or retention is shortened", async () => {
    const [pinning, shortening] = [new Client(), new Client()];
    for (const client of [pinning, shortening]) {
      await client.ask("Hi", { session_id: "s" }, { at: START });
      await client.call("PATCH", "/sessions/s", { body: { pinned: true } });
      await runDurableObjectAlarm(client.object);
      await deliver({ type: "sweep", account_id: client.account, now: START + 31 * DAY });
      await runDurableObjectAlarm(client.object);
      expect(await queuedAt(START + 40 * DAY)).not.toContain(client.account);
    }
    await pinning.call("PATCH", "/sessions/s", { body: { pinned: false } });
    await runDurableObjectAlarm(pinning.object);
    expect(await queuedAt(START + 40 * DAY)).toContain(pinning.account);

    const patched = await shortening.call("PATCH", `/admin/accounts/${shortening.account}`, {
      body: { retention_days: 7 },
    });
    expect(patched.body.retention_days).toBe(7);
    await runDurableObjectAlarm(shortening.object);
    expect((await shortening.get("/storage-stats")).body.retention_days).toBe(7);
  });
});

describe("the queue", () => {
  it("retries a poison message without its siblings", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: START });
    const good = { type: "sweep", account_id: client.account, now: START + 31 * DAY };
    const result = await deliver({ type: "nonsense" }, good);
    expect(result.explicitAcks).toEqual(["m1"]);
    expect(result.retryMessages).toEqual([{ msgId: "m0" }]);
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
  });
});

describe("a sweep whose later batch fails", () => {
  const now = START + 31 * DAY;

  it("goes on with that batch in a job of its own, and tells of all sessions at its end", async () => {
    const client = new Client();
    await importSessions(client, 600);
    const sent: object[] = [];
    const JOBS = { send: (body: object) => Promise.resolve(sent.push(body)) };
    const run = async (body: object, vars: object) => {
      const message = { id: "m", timestamp: new Date(), attempts: 1, body };
      const batch = createMessageBatch("colloquy-jobs", [message]);
      await worker.queue(batch, { ...env, JOBS, ...vars } as unknown as Env);
      const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
      return { isDone: explicitAcks.length === 1, sent: sent.splice(0) };
    };
    const job = { type: "sweep", account_id: client.account, now };
    const { isDone, sent: rest } = await run(job, failingAfter(client, 1));
    expect(isDone).toBe(true);
    expect(rest).toMatchObject([{ ...job, so_far: { deleted: 500, errors: 0 } }]);
    const [next = {}] = rest;
    expect(await run(next, failingAfter(client, 0))).toEqual({ isDone: false, sent: [] });
    expect(await run(next, {})).toMatchObject({ isDone: true, sent: [{ type: "maintain" }] });
    const { body } = await client.get("/storage-stats", { at: now });
    expect(body).toMatchObject({ archived_conversations: 600, last_purge: { deleted: 600 } });
    const log = await root.get(`/admin/accounts/${client.account}/log`);
    const archived = log.body.data.filter(
      ({ action }: { action: string }) => action === "retention.archive",
    );
    expect(archived).toMatchObject([{ details: { sessions: 600 } }]);
  });

  it("answers POST /purge with what was done and what is left, and the next one with the error", async () => {
    const client = new Client();
    await importSessions(client, 600);
    const failing = new Client(failingAfter(client, 1), client.account);
    const stopped = await failing.post("/purge", { at: now });
    expect(stopped.body).toMatchObject({ deleted: 500, archived: 500, errors: 0, remaining: 100 });
    const { status, body } = await failing.post("/purge", { at: now });
    expect([status, body.code]).toEqual([503, "storage_unavailable"]);
    const last = await client.post("/purge", { at: now });
    expect(last.body).toMatchObject({ deleted: 100, errors: 0, remaining: 0 });
  });
});

describe("the maintenance cron", () => {
  it("comes each hour, and runs as often as CLEANUP_INTERVAL_HOURS says", async () => {
    expect(await hoursOf({})).toEqual([0, 6, 12, 18]);
    expect(await hoursOf({ CLEANUP_INTERVAL_HOURS: "12" })).toEqual([0, 12]);
    expect(await hoursOf({ CLEANUP_INTERVAL_HOURS: "1" })).toHaveLength(24);
    expect(await hoursOf({ CLEANUP_INTERVAL_HOURS: "0.5" })).toHaveLength(24);
  });
});

describe("POST /purge", () => {
  it("tells what would go and why, and changes nothing, when it is a dry run", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 31 * DAY });
    await client.ask("Hi", { session_id: "new" });
    const { body } = await client.post("/purge?dry_run=true");
    expect(body).toMatchObject({
      dry_run: true,
      deleted: 0,
      would_delete: 1,
      first_session_ids: ["old"],
      first_sessions: [{ session_id: "old", reason: "idle", days: 30 }],
      reasons: { idle: 1 },
    });
    expect(body.reason).toContain("30 days");
    expect(body.bytes).toBeGreaterThan(10);
    expect((await client.get("/storage-stats")).body).toMatchObject({
      total_conversations: 2,
      due_for_purge: 1,
    });
  });

  it("archives and deletes what is due, and says how much", async () => {
    const client = new Client();
    await client.ask("Hi", {}, { at: Date.now() - 31 * DAY });
    await client.ask("Hi");
    const { body } = await client.post("/purge");
    expect(body).toMatchObject({ deleted: 1, errors: 0, archived: 1, remaining: 0 });
    const stats = (await client.get("/storage-stats")).body;
    expect(stats).toMatchObject({
      total_conversations: 1,
      archived_conversations: 1,
      archived_bytes: body.bytes,
      due_for_purge: 0,
    });
    expect(stats.last_purge).toMatchObject({ deleted: 1, errors: 0, bytes: body.bytes });
  });

  it("purges nothing when nothing is due", async () => {
    const client = new Client();
    await client.ask("Hi");
    expect((await client.post("/purge")).body).toEqual({
      deleted: 0,
      errors: 0,
      archived: 0,
      bytes: 0,
      remaining: 0,
    });
  });

  it("takes dry_run in a JSON body as well", async () => {
    const client = new Client();
    await client.ask("Hi", {}, { at: Date.now() - 31 * DAY });
    expect((await client.post("/purge", { body: { dry_run: true } })).body).toMatchObject({
      would_delete: 1,
    });
    expect((await client.get("/storage-stats")).body.total_conversations).toBe(1);
  });

  it("works through thousands of sessions in batches, one object a batch", async () => {
    const client = new Client();
    await importSessions(client, 1_200);
    const purged = await client.post("/purge");
    expect(purged.body).toMatchObject({ deleted: 1_200, errors: 0, remaining: 0 });
    const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    expect(objects).toHaveLength(3);
    expect((await client.get("/archives/s1199")).body.turns).toHaveLength(1);
  });
});
