import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import { OPERATIONS } from "../../src/directory/account-directory-do.ts";
import {
  KEEP_FAILED_MS,
  MAX_FAILED_JOBS,
  deadLetters,
  noteDeadJobs,
  noteFailedJobs,
} from "../../src/directory/failed-jobs-table.ts";
import type { FailedJob } from "../../src/directory/failed-jobs-table.ts";
import { isDeadLetterQueue, noteDeadLetters } from "../../src/jobs/dead-letters.ts";
import { reasonOf } from "../../src/jobs/failure-reason.ts";
import { Database } from "../../src/sqlite/database.ts";
import { Client, DAY, freshAccount } from "../support/client.ts";
import { adminLog, root } from "../support/keys.ts";
import { PATIENCE } from "../support/until.ts";

interface Letter {
  id: string;
  account_id: string;
  type: string;
  reason: string;
}

/** All dead letters of an account. */
async function lettersOf(account: string): Promise<Letter[]> {
  const found: Letter[] = [];
  for (let after = ""; ;) {
    const { body } = await root.get(`/admin/dead-letters?limit=100${after}`);
    found.push(...body.data.filter((each: Letter) => each.account_id === account));
    if (!body.has_more) return found;
    after = `&after=${body.last_id}`;
  }
}

const jobOf = (account_id: string, number = 1): FailedJob => ({
  job: JSON.stringify({ type: "sweep", account_id, now: number }),
  type: "sweep",
  account_id,
  user_id: null,
  request_id: "req_1",
  reason: "storage_unavailable: no",
});

const operations = <T>(work: (db: Database) => T): Promise<T> =>
  runInDurableObject(env.DIRECTORY.getByName(OPERATIONS), (_, { storage }) =>
    work(new Database(storage)),
  );

/** The place of a receipt, once these are forgotten. */
const forgotten = (found: number) => ({ place: "failed_jobs", state: "clean", found, left: 0 });

describe("a job that its queue gives up", () => {
  it("is listed with ids, reason and times once every try has failed, and no text", async () => {
    const account = freshAccount();
    await env.JOBS.send({ type: "sweep", account_id: account, now: "soon", request_id: "req_x" });
    await vi.waitFor(async () => expect(await lettersOf(account)).toHaveLength(1), PATIENCE);
    const [letter] = await lettersOf(account);
    expect(letter).toEqual({
      object: "dead_letter",
      id: expect.stringMatching(/^dead_\d+$/),
      type: "sweep",
      account_id: account,
      user_id: null,
      request_id: "req_x",
      reason: "ZodError",
      failed_at: expect.any(String),
      dead_at: expect.any(String),
    });
  });

  it("is queued again by a retry, done, and no letter any more", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "old" }, { at: Date.now() - 40 * DAY });
    const now = Date.now();
    const job = { type: "sweep", account_id: client.account, now };
    const letter = { ...jobOf(client.account), job: JSON.stringify(job) };
    await operations((db) => noteDeadJobs(db, [letter], now));
    const [found] = await lettersOf(client.account);
    const retried = await root.post(`/admin/dead-letters/${found?.id}/retry`);
    expect(retried).toMatchObject({ status: 202, body: { id: found?.id, type: "sweep" } });
    expect(await lettersOf(client.account)).toEqual([]);
    await vi.waitFor(async () => {
      const { body } = await client.get("/storage-stats");
      expect(body.archived_conversations).toBe(1);
    }, PATIENCE);
    expect((await adminLog()).at(-1)).toMatchObject({
      action: "dead_letter.retry",
      target: found?.id,
      details: { type: "sweep", account_id: client.account },
    });
    expect((await root.post(`/admin/dead-letters/${found?.id}/retry`)).body.code).toBe(
      "dead_letter_not_found",
    );
  });

  it("goes to the queue of messages where a user waits", async () => {
    const sent: string[] = [];
    const queue = (name: string) => ({
      send: (body: { request_id?: string; user_id: string }) => {
        sent.push(`${name} ${body.user_id}`);
        return Promise.resolve();
      },
    });
    const account = freshAccount();
    const job = JSON.stringify({ type: "whatsapp", account_id: account, user_id: "u1" });
    const letter = { ...jobOf(account), job, type: "whatsapp", user_id: "u1" };
    await operations((db) => noteDeadJobs(db, [letter], Date.now()));
    const [found] = await lettersOf(account);
    const queues = { JOBS: queue("jobs"), MESSAGES: queue("messages") };
    const client = new Client(queues);
    expect((await client.post(`/admin/dead-letters/${found?.id}/retry`)).status).toBe(202);
    expect(sent).toEqual(["messages u1"]);
  });

  it("is dropped", async () => {
    const account = freshAccount();
    await operations((db) => noteDeadJobs(db, [jobOf(account)], Date.now()));
    const [found] = await lettersOf(account);
    const path = `/admin/dead-letters/${found?.id}`;
    expect((await root.call("DELETE", path)).status).toBe(200);
    expect(await lettersOf(account)).toEqual([]);
    expect((await root.call("DELETE", path)).status).toBe(404);
    expect((await root.call("DELETE", "/admin/dead-letters/nonsense")).status).toBe(404);
    expect((await root.get("/admin/dead-letters?after=nonsense")).status).toBe(422);
  });

  it("is listed in pages, newest first", async () => {
    const account = freshAccount();
    const three = [1, 2, 3].map((number) => jobOf(account, number));
    await operations((db) => noteDeadJobs(db, three, Date.now()));
    const first = (await root.get("/admin/dead-letters?limit=2")).body;
    expect(first).toMatchObject({ has_more: true, data: [{}, {}] });
    const second = (await root.get(`/admin/dead-letters?limit=2&after=${first.last_id}`)).body;
    const ids = [...first.data, ...second.data].map(({ id }) => Number(id.slice(5)));
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("is tried again while it cannot be noted", async () => {
    const acts: string[] = [];
    const batch = {
      queue: "colloquy-jobs-dead",
      messages: [{ body: { type: "sweep", account_id: "a", now: 1 } }],
      ackAll: () => acts.push("ack"),
      retryAll: () => acts.push("retry"),
    } as unknown as MessageBatch;
    const broken = { getByName: () => ({ noteDeadJobs: () => Promise.reject(new Error("no")) }) };
    await noteDeadLetters(batch, { ...env, DIRECTORY: broken } as unknown as Env);
    expect(acts).toEqual(["retry"]);
  });

  it("is forgotten with its user, and with its account", async () => {
    const client = new Client();
    await client.ask("Hi", { user_id: "u1" });
    const letter = (user_id: string | null, number: number) => ({
      ...jobOf(client.account, number),
      user_id,
    });
    const three = [letter("u1", 1), letter("u2", 2), letter(null, 3)];
    await operations((db) => noteDeadJobs(db, three, Date.now()));
    const user = await client.call("DELETE", "/users/u1");
    expect(user).toMatchObject({ status: 200, body: { verified: true } });
    expect(user.body.places.at(-1)).toEqual(forgotten(1));
    expect(await lettersOf(client.account)).toHaveLength(2);
    // One that was queued before fails only now.
    await operations((db) => noteFailedJobs(db, [letter("u1", 4)], Date.now()));
    await operations((db) => noteDeadJobs(db, [letter("u1", 4)], Date.now()));
    expect(await lettersOf(client.account)).toHaveLength(2);
    const account = await root.call("DELETE", `/admin/accounts/${client.account}`);
    expect(account).toMatchObject({ status: 200, body: { verified: true } });
    expect(account.body.places.at(-1)).toEqual(forgotten(2));
    const later = [letter("u3", 5), letter(null, 6)];
    await operations((db) => noteDeadJobs(db, later, Date.now()));
    expect(await lettersOf(client.account)).toHaveLength(1);
  });

  it("keeps no erasure from its end where its object is away", async () => {
    const client = new Client();
    await client.ask("Hi", { user_id: "u1" });
    const letter = { ...jobOf(client.account), user_id: "u1" };
    await operations((db) => {
      noteDeadJobs(db, [letter], Date.now());
      db.run(
        `create trigger away before delete on failed_jobs when old.account_id = '${client.account}'
         begin select raise(abort, 'away'); end`,
      );
    });
    const away = { place: "failed_jobs", state: "unreachable", found: 0, left: null };
    const user = await client.call("DELETE", "/users/u1");
    expect(user).toMatchObject({ status: 200, body: { sessions: 1, verified: false } });
    expect(user.body.places.at(-1)).toEqual(away);
    const erase = () => root.call("DELETE", `/admin/accounts/${client.account}`);
    const account = await erase();
    expect(account).toMatchObject({ status: 200, body: { sessions: 0, verified: false } });
    expect(account.body.places.at(-1)).toEqual(away);
    await operations((db) => db.run("drop trigger away"));
    expect((await erase()).body).toMatchObject({ verified: true });
    expect(await lettersOf(client.account)).toEqual([]);
  });
});

/** In an object of its own: the bounds hold for the whole table. */
const alone = <T>(name: string, work: (db: Database) => T): Promise<T> =>
  runInDurableObject(env.DIRECTORY.getByName(name), (_, { storage }) =>
    work(new Database(storage)),
  );

describe("the table of failed jobs", () => {
  it("keeps the newest, and those that were given up before those that are retried", () =>
    alone("bounds", (db) => {
      const many = Array.from({ length: MAX_FAILED_JOBS }, (_, at) => jobOf("dead", at));
      noteDeadJobs(db, many, 1);
      noteFailedJobs(db, [jobOf("retried")], 2);
      noteDeadJobs(db, [jobOf("last")], 3);
      const kept = deadLetters(db, { after: null, limit: 2 * MAX_FAILED_JOBS });
      expect(kept).toHaveLength(MAX_FAILED_JOBS);
      expect(kept[0]).toMatchObject({ account_id: "last", dead_at: 3 });
      expect(kept.at(-1)?.job).toBe(jobOf("dead", 1).job);
    }));

  it("tells the last failure's reason, and forgets after 30 days", () =>
    alone("reasons", (db) => {
      noteFailedJobs(db, [{ ...jobOf("a"), reason: "first" }], 1);
      noteFailedJobs(db, [{ ...jobOf("a"), reason: "last" }], 2);
      expect(deadLetters(db, { after: null, limit: 9 })).toEqual([]);
      noteDeadJobs(db, [{ ...jobOf("a"), reason: null }], 3);
      expect(deadLetters(db, { after: null, limit: 9 })).toMatchObject([
        { reason: "last", failed_at: 1, dead_at: 3 },
      ]);
      noteFailedJobs(db, [], 2 + KEEP_FAILED_MS);
      expect(deadLetters(db, { after: null, limit: 9 })).toEqual([]);
    }));
});

it("knows the queue of dead letters by its name, also in staging", () => {
  const names = ["colloquy-jobs-dead", "colloquy-jobs-dead-staging", "colloquy-jobs", "dead-jobs"];
  expect(names.map(isDeadLetterQueue)).toEqual([true, true, false, false]);
});

it("tells no text of errors that may quote a user", () => {
  expect(reasonOf(new SyntaxError("Unexpected token in my secret"))).toBe("SyntaxError");
  expect(reasonOf("my secret")).toBe("unknown");
});
