import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import worker from "../../src/index.ts";
import { MAX_RUNS, addToRun, beginRun, readRuns } from "../../src/directory/cron-runs-table.ts";
import { Database } from "../../src/sqlite/database.ts";
import { Client, DAY } from "../support/client.ts";
import { root } from "../support/keys.ts";
import { PATIENCE, untilListed } from "../support/until.ts";

const NIGHTLY = "0 2 * * *";
const runCron = (bindings: object = {}) =>
  worker.scheduled(
    { scheduledTime: Date.now(), cron: NIGHTLY, noRetry: () => undefined },
    {
      ...env,
      ...bindings,
    },
  );
const failureAt = (at: number) => ({ account_id: `a${at}`, reason: "no", at });
const lastRun = async () => (await root.get("/admin/cron-runs?limit=1")).body.data[0];

describe("a cron's run", () => {
  it("is listed with what its jobs did", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 40 * DAY });
    await untilListed(client.object);
    await runCron();
    await vi.waitFor(async () => {
      const run = await lastRun();
      expect(run.done).toBe(run.accounts);
    }, PATIENCE);
    const run = await lastRun();
    expect(run).toMatchObject({ object: "cron_run", errand: "sweep", errors: 0, error: null });
    expect(run.accounts).toBeGreaterThan(0);
    expect(run.sessions).toBeGreaterThan(0);
    expect(run.bytes).toBeGreaterThan(0);
    expect(Date.parse(run.queued_at)).toBeGreaterThanOrEqual(Date.parse(run.started_at));
  });

  it("names the jobs that failed, and why", async () => {
    const queued: { request_id: string }[] = [];
    const JOBS = {
      sendBatch: (messages: { body: { request_id: string } }[]) => {
        queued.push(...messages.map(({ body }) => body));
        return Promise.resolve();
      },
    };
    const client = new Client();
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 40 * DAY });
    await untilListed(client.object);
    await runCron({ JOBS });
    const { id } = await lastRun();
    expect(queued.map(({ request_id }) => request_id)).toContain(id);
    await env.JOBS.send({ type: "sweep", account_id: client.account, now: "x", request_id: id });
    await vi.waitFor(async () => {
      const { failures } = await lastRun();
      expect(failures.at(-1)).toMatchObject({ account_id: client.account, reason: "ZodError" });
    }, PATIENCE);
  });

  it("counts a sweep once, also where the maintenance after it fails", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 40 * DAY });
    await untilListed(client.object);
    await runCron({ JOBS: { sendBatch: () => Promise.resolve() } });
    const { id } = await lastRun();
    let failures = 2;
    const maintain = () => {
      failures -= 1;
      return Promise.reject(new TypeError("no maintenance now"));
    };
    const failing = new Proxy(client.object, {
      get(object, name) {
        if (failures > 0 && String(name).includes("archives.maintain")) return maintain;
        return Reflect.get(object, name);
      },
    });
    const so_far = { deleted: 3, errors: 1, bytes: 9 };
    const sweep = { type: "sweep", account_id: client.account, now: Date.now(), so_far };
    const queue: object[] = [{ ...sweep, request_id: id }];
    const JOBS = { send: (body: object) => Promise.resolve(queue.push(body)) };
    const CONVERSATIONS = { getByName: () => failing };
    while (queue[0]) {
      const message = { id: "m", timestamp: new Date(), attempts: 1, body: queue[0] };
      const batch = createMessageBatch("colloquy-jobs", [message]);
      await worker.queue(batch, { ...env, JOBS, CONVERSATIONS } as unknown as Env);
      const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
      if (explicitAcks.length > 0) queue.shift();
    }
    expect(failures).toBe(0);
    const { data } = (await root.get("/admin/cron-runs")).body;
    const run = data.find((each: { id: string }) => each.id === id);
    expect(run).toMatchObject({ done: 1, sessions: 4, errors: 1 });
    // The same failure twice is one.
    expect(run.failures).toHaveLength(1);
    const log = await root.get(`/admin/accounts/${client.account}/log`);
    const archived = log.body.data.filter(
      ({ action }: { action: string }) => action === "retention.archive",
    );
    expect(archived).toMatchObject([{ details: { sessions: 4 } }]);
  });

  it("says why not all accounts were queued, and fails as before", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 40 * DAY });
    await untilListed(client.object);
    const JOBS = { sendBatch: () => Promise.reject(new TypeError("the queue is gone")) };
    await expect(runCron({ JOBS })).rejects.toThrow("the queue is gone");
    expect(await lastRun()).toMatchObject({ queued_at: null, error: "TypeError" });
  });

  it("is listed in pages, and bounded", () =>
    runInDurableObject(env.DIRECTORY.getByName("runs"), (_object, { storage }) => {
      const db = new Database(storage);
      for (let run = 0; run <= MAX_RUNS; run += 1)
        beginRun(db, { run_id: `cron_${run}`, errand: "sweep", started_at: 7 });
      const all = readRuns(db, null, 2 * MAX_RUNS);
      expect(all).toHaveLength(MAX_RUNS);
      expect(all[0]?.run_id).toBe(`cron_${MAX_RUNS}`);
      const next = readRuns(db, `cron_${MAX_RUNS}`, 2);
      expect(next.map(({ run_id }) => run_id)).toEqual([
        `cron_${MAX_RUNS - 1}`,
        `cron_${MAX_RUNS - 2}`,
      ]);
      const failures = Array.from({ length: 30 }, (_, at) => failureAt(at));
      addToRun(db, "cron_9", { done: 1, sessions: 2, bytes: 3, errors: 4, failures });
      addToRun(db, "cron_none", { done: 1, sessions: 2, bytes: 3, errors: 4, failures: [] });
      const nine = readRuns(db, "cron_10", 1)[0];
      expect(nine).toMatchObject({ done: 1, sessions: 2, bytes: 3, errors: 4 });
      expect(nine?.failures).toEqual(failures.slice(10));
      const again = { ...failureAt(29), at: 31 };
      addToRun(db, "cron_9", { done: 0, sessions: 0, bytes: 0, errors: 0, failures: [again] });
      const last = readRuns(db, "cron_10", 1)[0]?.failures;
      expect(last).toEqual([...failures.slice(10, 29), again]);
    }));
});

it("tells circuits, queues, runs and dead letters at once", async () => {
  const { status, body } = await root.get("/admin/operations");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    object: "operations",
    circuits: [],
    dead_letters: expect.any(Number),
    queues: { jobs: { waiting: expect.any(Number) }, messages: { waiting: expect.any(Number) } },
  });
  expect(body.cron_runs.length).toBeLessThanOrEqual(10);
});
