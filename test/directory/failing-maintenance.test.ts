import { env } from "cloudflare:workers";
import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runInDurableObject,
} from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";

import { archivePrefix } from "../../src/account/archive/format/keys.ts";
import {
  failingAccounts,
  forgetMaintained,
  noteMaintained,
} from "../../src/directory/failing-maintenance.ts";
import type { Maintained } from "../../src/directory/failing-maintenance.ts";
import { forgetJobsOf } from "../../src/directory/failed-jobs-table.ts";
import worker from "../../src/index.ts";
import { fanOut } from "../../src/jobs/fan-out.ts";
import { BatchReport } from "../../src/jobs/batch-report.ts";
import { Database } from "../../src/sqlite/database.ts";
import { Client, DAY } from "../support/client.ts";
import { root } from "../support/keys.ts";
import { PATIENCE } from "../support/until.ts";

const THEN = Date.parse("2026-03-01T10:00:00.000Z");
const night = (n: number) => THEN + (140 + n) * DAY;

const maintained = (
  account_id: string,
  at: number,
  more: Partial<Maintained> = {},
): Maintained => ({
  account_id,
  at,
  errors: 0,
  failed_steps: [],
  complete: true,
  ...more,
});
const failed = (account_id: string, at: number, more: Partial<Maintained> = {}) =>
  maintained(account_id, at, { errors: 1, failed_steps: ["expire"], ...more });

/** Runs a test on the storage of one of the directory's objects. */
const onStorage = (test: (db: Database) => void): Promise<void> =>
  runInDurableObject(env.DIRECTORY.getByName(crypto.randomUUID()), (_, { storage }) =>
    test(new Database(storage)),
  );

/** Has two sessions in one archive, of which one is due to go: the archive has to be read for it. */
async function damageArchive(client: Client): Promise<{ key: string; whole: ArrayBuffer }> {
  for (const session_id of ["a", "b"]) await client.ask("Hi", { session_id }, { at: THEN });
  await client.post("/purge", { at: THEN + 40 * DAY, body: {} });
  await client.call("PATCH", "/sessions/b", { at: THEN, body: { pinned: true } });
  const { objects } = await env.ARCHIVE.list({ prefix: archivePrefix(client.account) });
  const [{ key, size } = { key: "", size: 0 }] = objects;
  const whole = await (await env.ARCHIVE.get(key))!.arrayBuffer();
  await env.ARCHIVE.put(key, new Uint8Array(size).fill(7));
  return { key, whole };
}

describe("an account whose maintenance fails", () => {
  it("is known since the first of the maintenances that failed, until one has no error", () =>
    onStorage((db) => {
      noteMaintained(db, [failed("a", 10), maintained("b", 11), failed("c", 12)]);
      noteMaintained(db, [failed("a", 20, { errors: 2, failed_steps: ["replicate"] })]);
      expect(failingAccounts(db)).toEqual([
        { account_id: "a", since: 10, at: 20, errors: 2, failed_steps: ["replicate"] },
        { account_id: "c", since: 12, at: 12, errors: 1, failed_steps: ["expire"] },
      ]);
      noteMaintained(db, [maintained("a", 30)]);
      expect(failingAccounts(db).map(({ account_id }) => account_id)).toEqual(["c"]);
      noteMaintained(db, [failed("a", 40)]);
      expect(failingAccounts(db).map(({ since }) => since)).toEqual([12, 40]);
      forgetMaintained(db, "c");
      forgetMaintained(db, "d");
      expect(failingAccounts(db).map(({ account_id }) => account_id)).toEqual(["a"]);
    }));

  it("stays known where only a later part of the same maintenance had no error", () =>
    onStorage((db) => {
      noteMaintained(db, [failed("a", 10, { complete: false })]);
      noteMaintained(db, [failed("a", 10, { complete: false, failed_steps: ["repair"] })]);
      noteMaintained(db, [maintained("a", 10)]);
      expect(failingAccounts(db)).toEqual([
        { account_id: "a", since: 10, at: 10, errors: 2, failed_steps: ["expire", "repair"] },
      ]);
      noteMaintained(db, [maintained("a", 20, { complete: false })]);
      expect(failingAccounts(db)).toHaveLength(1);
    }));

  it("is told once of a part that is retried, and forgotten where the retry has no error", () =>
    onStorage((db) => {
      const first = { message: "m1", complete: false };
      noteMaintained(db, [failed("a", 10, { ...first, errors: 2 })]);
      noteMaintained(db, [failed("a", 10, { ...first, failed_steps: ["repair"] })]);
      const own = { account_id: "a", since: 10, at: 10 };
      expect(failingAccounts(db)).toEqual([{ ...own, errors: 1, failed_steps: ["repair"] }]);
      for (let retry = 0; retry < 3; retry += 1)
        noteMaintained(db, [failed("a", 10, { message: "m2" })]);
      const both = { ...own, errors: 2, failed_steps: ["repair", "expire"] };
      expect(failingAccounts(db)).toEqual([both]);
      noteMaintained(db, [maintained("a", 10, { message: "m2" })]);
      expect(failingAccounts(db)).toEqual([{ ...own, errors: 1, failed_steps: ["repair"] }]);

      noteMaintained(db, [failed("a", 20, { message: "m3" })]);
      noteMaintained(db, [maintained("a", 20, { message: "m3", complete: false })]);
      expect(failingAccounts(db)).toEqual([]);
      noteMaintained(db, [failed("a", 20, { message: "m4" })]);
      expect(failingAccounts(db)).toMatchObject([{ since: 10, at: 20, errors: 1 }]);
      noteMaintained(db, [maintained("a", 20, { message: "m4" })]);
      expect(failingAccounts(db)).toEqual([]);
    }));

  it("is known by its sweeps as well: none that succeeds hides what the other leaves undone", () =>
    onStorage((db) => {
      const sweep = { is_sweep: true as const, failed_steps: ["sweep"] };
      noteMaintained(db, [failed("a", 10, sweep), maintained("a", 10)]);
      const own = { account_id: "a", since: 10, at: 10, errors: 1, failed_steps: ["sweep"] };
      expect(failingAccounts(db)).toEqual([own]);
      noteMaintained(db, [failed("a", 20)]);
      expect(failingAccounts(db)).toEqual([
        { ...own, at: 20, errors: 2, failed_steps: ["sweep", "expire"] },
      ]);
      noteMaintained(db, [maintained("a", 30, { is_sweep: true })]);
      expect(failingAccounts(db)).toMatchObject([{ since: 20, failed_steps: ["expire"] }]);
      noteMaintained(db, [maintained("a", 40)]);
      expect(failingAccounts(db)).toEqual([]);
    }));

  it("is told where a session cannot be archived, and tried again each night until it has no error", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "a" }, { at: THEN });
    const damage = (status: number) =>
      runInDurableObject(client.object, (_, { storage }) => {
        new Database(storage).run("update turns set status = ?", status);
      });
    await damage(17);
    const sweepAt = async (now: number) => {
      const body = { type: "sweep", account_id: client.account, now };
      const batch = createMessageBatch("colloquy-jobs", [
        { id: `m${now}`, timestamp: new Date(), attempts: 1, body },
      ]);
      await worker.queue(batch, env);
      const { body: operations } = await root.get("/admin/operations");
      return operations.failing_maintenance.find(
        ({ account_id }: { account_id: string }) => account_id === client.account,
      );
    };
    expect(await sweepAt(night(0))).toMatchObject({ errors: 1, failed_steps: ["sweep"] });
    const queuedAt = async (now: number) => {
      const queued: string[] = [];
      const sendBatch = async (messages: { body: { account_id: string } }[]) =>
        void queued.push(...messages.map(({ body }) => body.account_id));
      await fanOut({ ...env, JOBS: { sendBatch } as unknown as Queue }, "sweep", now);
      return queued.filter((account) => account === client.account);
    };
    // Nothing of it was due by then.
    expect(await queuedAt(THEN - DAY)).toEqual([client.account]);
    expect(await queuedAt(night(1))).toEqual([client.account]);
    await damage(1);
    expect(await sweepAt(night(1))).toBeUndefined();
    expect(await queuedAt(THEN - DAY)).toEqual([]);
  });

  it("is told where a sweep ends with an error, until a retry of it has none", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "a" }, { at: THEN });
    const run = (sql: string) =>
      runInDurableObject(client.object, (_, { storage }) => new Database(storage).run(sql));
    const body = { type: "sweep", account_id: client.account, now: night(0) };
    const sweep = async () => {
      const message = { id: "m", timestamp: new Date(), attempts: 1, body };
      const batch = createMessageBatch("colloquy-jobs", [message]);
      await worker.queue(batch, env);
      const { retryMessages } = await getQueueResult(batch, createExecutionContext());
      const { body: operations } = await root.get("/admin/operations");
      const told = operations.failing_maintenance.filter(
        ({ account_id }: { account_id: string }) => account_id === client.account,
      );
      return { retries: retryMessages.length, told };
    };
    await run(
      `create trigger full before delete on turns
       begin select raise(abort, 'database or disk is full'); end`,
    );
    const at = new Date(night(0)).toISOString();
    const told = [
      { account_id: client.account, since: at, at, errors: 1, failed_steps: ["sweep"] },
    ];
    expect(await sweep()).toEqual({ retries: 1, told });
    expect(await sweep()).toEqual({ retries: 1, told });
    await run("drop trigger full");
    expect(await sweep()).toEqual({ retries: 0, told: [] });
  });

  it("is told with the others, the first 200 of them", () =>
    onStorage((db) => {
      noteMaintained(
        db,
        Array.from({ length: 205 }, (_, n) => failed(`a${n}`, 1_000 - n)),
      );
      expect(failingAccounts(db)).toHaveLength(200);
      expect(failingAccounts(db)[0]?.account_id).toBe("a204");
    }));

  it("stays forgotten where it is erased before its maintenance is told, until the next", () =>
    onStorage((db) => {
      noteMaintained(db, [failed("a", 10), failed("b", 10)]);
      forgetMaintained(db, "a");
      forgetJobsOf(db, "a", null, 30);
      noteMaintained(db, [failed("a", 20), failed("b", 20)]);
      expect(failingAccounts(db).map(({ account_id }) => account_id)).toEqual(["b"]);
      noteMaintained(db, [failed("a", 40)]);
      expect(failingAccounts(db).map(({ account_id }) => account_id)).toEqual(["b", "a"]);
    }));

  it("is not told of after its erasure by a batch of jobs that ends then", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "a" });
    const now = Date.now();
    const report = new BatchReport();
    for (const account_id of [client.account, `other-${client.account}`])
      report.of("job_1", "m").maintained(failed(account_id, now));
    await root.call("DELETE", `/admin/accounts/${client.account}`);
    await report.send(env, Date.now());
    const { body } = await root.get("/admin/operations");
    const told: string[] = body.failing_maintenance.map(
      ({ account_id }: { account_id: string }) => account_id,
    );
    expect(told.filter((id) => id.endsWith(client.account))).toEqual([`other-${client.account}`]);
  });

  it("is told to the operator also where the backup after it fails", async () => {
    const client = new Client();
    await damageArchive(client);
    await client.call("PUT", "/retention", { at: THEN, body: { backup_every_days: 1 } });
    const failing = new Proxy(client.object, {
      get: (object, name) =>
        String(name).startsWith("backups.")
          ? () => Promise.reject(new TypeError("no backup now"))
          : Reflect.get(object, name),
    });
    const body = { type: "maintain", account_id: client.account, now: night(0) };
    const batch = createMessageBatch("colloquy-jobs", [
      { id: "m", timestamp: new Date(), attempts: 1, body },
    ]);
    const CONVERSATIONS = { getByName: () => failing };
    for (let attempt = 0; attempt < 2; attempt += 1)
      await worker.queue(batch, { ...env, CONVERSATIONS } as unknown as Env);
    const { retryMessages } = await getQueueResult(batch, createExecutionContext());
    expect(retryMessages).toHaveLength(1);
    const { body: operations } = await root.get("/admin/operations");
    expect(operations.failing_maintenance).toContainEqual({
      account_id: client.account,
      since: new Date(night(0)).toISOString(),
      at: new Date(night(0)).toISOString(),
      errors: 1,
      failed_steps: ["expire"],
    });
  });

  it("is told to the operator while an archive stays damaged", async () => {
    const client = new Client();
    const { key, whole } = await damageArchive(client);
    const told = async (at: number) => {
      await env.JOBS.send({ type: "maintain", account_id: client.account, now: at });
      return vi.waitFor(async () => {
        const { body } = await root.get("/admin/operations");
        const own = body.failing_maintenance.find(
          ({ account_id }: { account_id: string }) => account_id === client.account,
        );
        expect(own?.at).toBe(new Date(at).toISOString());
        return own;
      }, PATIENCE);
    };
    const since = new Date(night(0)).toISOString();
    const failing = { since, errors: 1, failed_steps: ["expire"] };
    expect(await told(night(0))).toMatchObject(failing);
    expect(await told(night(1))).toMatchObject(failing);
    await env.ARCHIVE.put(key, whole);
    await env.JOBS.send({ type: "maintain", account_id: client.account, now: night(2) });
    await vi.waitFor(async () => {
      const { body } = await root.get("/admin/operations");
      expect(JSON.stringify(body.failing_maintenance)).not.toContain(client.account);
    }, PATIENCE);
  });
});
