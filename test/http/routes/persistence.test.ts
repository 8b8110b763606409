import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import worker from "../../../src/index.ts";
import { DIRECTORY_SHARDS, shardName } from "../../../src/directory/account-directory-do.ts";
import { callDirectory } from "../../../src/directory/directory-client.ts";
import { settingsOf } from "../../../src/account/due-settings.ts";
import { Client, DAY } from "../../support/client.ts";
import { root } from "../../support/keys.ts";

const START = Date.UTC(2026, 3, 1, 12);

/** SQLite is lost, R2 is not. */
async function loseStorage(client: Client): Promise<void> {
  await runInDurableObject(client.object, (_, { storage }) => storage.deleteAll());
  await evictDurableObject(client.object);
}

describe("archives", () => {
  it("are made on demand, once", async () => {
    const client = new Client();
    await client.ask("My name is Ann", { session_id: "s" });
    expect((await client.post("/sessions/s/archive")).body).toMatchObject({
      session_id: "s",
      status: "archived",
      turns: 1,
    });
    expect((await client.post("/sessions/s/archive")).body.status).toBe("archived");
    const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    expect(objects).toHaveLength(1);
    expect((await client.post("/sessions/none/archive")).body.code).toBe("session_not_found");
    expect((await client.ask("What is my name?", { session_id: "s" })).body.response).toContain(
      "Ann",
    );
  });

  it("are made by hand also under legal hold, of the session or of the account, and by no sweep", async () => {
    const client = new Client();
    await client.ask("My name is Ann", { session_id: "s" });
    await client.ask("My name is Bob", { session_id: "t" });
    await client.call("PATCH", "/sessions/s", { body: { hold: "case" } });
    expect((await client.post("/sessions/s/archive")).body.status).toBe("archived");
    await root.call("PATCH", `/admin/accounts/${client.account}`, { body: { hold: "case" } });
    expect((await client.post("/purge?older_than_days=0.00000001")).body.archived).toBe(0);
    expect((await client.post("/sessions/t/archive")).body.status).toBe("archived");
    for (const id of ["s", "t"]) {
      expect((await client.call("DELETE", `/sessions/${id}`)).body.code).toMatch(/_held$/);
      expect((await client.get(`/sessions/${id}/turns`)).body.data).toHaveLength(1);
    }
  });

  it("are listed by user, assistant and time, and paged", async () => {
    const client = new Client();
    for (const [index, user_id] of ["ann", "ann", "bob", "ann"].entries()) {
      const session_id = `s${index}`;
      await client.ask("x", { session_id, user_id }, { at: START + index * DAY });
    }
    await client.post("/purge", { at: START + 60 * DAY });
    const list = async (query: string) =>
      (await client.get(`/archives?order=asc&${query}`)).body.data.map(
        ({ session_id }: { session_id: string }) => session_id,
      );
    expect(await list("user_id=ann")).toEqual(["s0", "s1", "s3"]);
    expect(await list("user_id=ann&limit=2")).toEqual(["s0", "s1"]);
    expect(await list("user_id=ann&limit=2&after=s1")).toEqual(["s3"]);
    expect(await list("from=2026-04-02&to=2026-04-04")).toEqual(["s1", "s2"]);
    expect(await list("from=2026-04-02T12:00:00Z&to=2026-04-02T12:00:00.001Z")).toEqual(["s1"]);
    expect(await list("assistant=support")).toEqual([]);
    const wrong = await client.get("/archives?from=yesterday");
    expect([wrong.status, wrong.body.param]).toEqual([422, "from"]);
  });

  it("are read as NDJSON where that is asked for", async () => {
    const client = new Client();
    await client.ask("My name is Ann", { session_id: "s", metadata: { a: "b" } });
    await client.post("/sessions/s/archive");
    const response = await client.fetch("GET", "/archives/s", {
      headers: { accept: "application/x-ndjson" },
    });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { type: "session", format: FORMAT, session_id: "s", metadata: { a: "b" }, turns: 1 },
      { type: "turn", input: "My name is Ann", status: "completed" },
    ]);
  });

  it("are restored many at a time, each by itself", async () => {
    const client = new Client();
    for (const session_id of ["a", "b", "c"]) await client.ask("x", { session_id });
    for (const session_id of ["a", "b"]) await client.post(`/sessions/${session_id}/archive`);
    const session_ids = ["a", "none", "b", "c", "a"];
    expect((await client.post("/archives/restore", { body: { session_ids } })).body).toEqual({
      success: false,
      restored: 2,
      data: [
        { session_id: "a", restored: true, turns: 1, code: null },
        { session_id: "none", restored: false, turns: 0, code: "archive_not_found" },
        { session_id: "b", restored: true, turns: 1, code: null },
        { session_id: "c", restored: false, turns: 0, code: null },
      ],
    });
  });

  it("can be read and restored after SQLite was lost", async () => {
    const client = new Client();
    const more = { session_id: "s", user_id: "ann", metadata: { a: "b" } };
    const { call_id } = (await client.ask("My name is Ann", more)).body;
    await client.call("PUT", "/sessions/s/state", { headers: { "if-match": "*" }, body: { n: 1 } });
    await client.post("/sessions/s/archive");
    const before = (await client.get("/archives/s")).body;
    await loseStorage(client);
    expect((await client.get("/archives/s")).status).toBe(404);
    const path = `/admin/accounts/${client.account}/reindex`;
    expect((await root.post(path)).body).toMatchObject({ sessions: 1, segments: 1, errors: [] });
    expect((await client.get("/archives/s")).body).toEqual(before);
    expect((await client.get("/sessions?user_id=ann")).body.data).toHaveLength(1);
    await client.ask("x", { session_id: "new" });
    const { body } = await client.ask("What is my name?", { session_id: "s" });
    expect([body.new_session, body.response]).toEqual([undefined, "Your name is Ann."]);
    expect((await client.get("/sessions/s/turns")).body.data[0].call_id).toBe(call_id);
    expect((await client.get("/sessions/s/state")).body).toEqual({ n: 1 });
  });
});

describe("backups", () => {
  it("bring everything back after SQLite was lost, less what was erased", async () => {
    const client = new Client();
    const state = { step: 2 };
    await client.ask("My name is Ann", { session_id: "a", user_id: "ann", state_patch: state });
    await client.ask("x", { session_id: "archived" });
    await client.ask("x", { session_id: "erased" });
    await client.post("/sessions/archived/archive");
    await client.call("PATCH", "/sessions/a", { body: { facts: ["likes tea"], pinned: true } });
    const made = await client.post("/backups");
    expect(made).toMatchObject({
      status: 201,
      body: { status: "complete", sessions: 3, turns: 3 },
    });
    const { backup_id } = made.body;
    await client.call("DELETE", "/sessions/erased");
    const read = async () => [
      (await client.get("/sessions/a")).body,
      (await client.get("/sessions/a/turns")).body.data,
      (await client.get("/sessions/a/state")).body,
      (await client.get("/sessions/archived/turns")).body.data,
    ];
    const before = await read();
    await loseStorage(client);
    await root.post(`/admin/accounts/${client.account}/reindex`);
    expect((await client.get("/backups")).body.data).toMatchObject([{ backup_id, sessions: 2 }]);
    expect((await client.post(`/backups/${backup_id}/verify`)).body).toEqual({
      object: "backup.verification",
      backup_id,
      valid: true,
      parts: 1,
      sessions: 2,
      turns: 2,
      errors: [],
    });
    const tried = await client.post(`/backups/${backup_id}/restore`, { body: { dry_run: true } });
    expect(tried.body).toMatchObject({ dry_run: true, restored: 1, unchanged: 1, complete: true });
    expect((await client.get("/sessions?status=live")).body.data).toEqual([]);
    const restored = await client.post(`/backups/${backup_id}/restore`);
    expect(restored.body).toMatchObject({ restored: 1, unchanged: 1, turns: 1 });
    expect(await read()).toEqual(before);
    expect((await client.get("/sessions/erased")).status).toBe(404);
    expect((await client.get("/sessions/a/turns")).status).toBe(200);
  });

  it("are made once under an Idempotency-Key, also where the first request was cut off", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "a" });
    const make = (key: string, body: object) =>
      client.post("/backups", { body, headers: { "idempotency-key": key } });
    const put = vi.spyOn(Object.getPrototypeOf(env.ARCHIVE) as R2Bucket, "put");
    put.mockRejectedValue(new Error("R2 is away"));
    expect((await make("night", {})).body.code).toBe("archive_unavailable");
    put.mockRestore();
    await evictDurableObject(client.object);
    expect((await make("another", {})).body.code).toBe("backup_running");
    const made = await make("night", {});
    expect(made).toMatchObject({ status: 201, body: { status: "complete", sessions: 1 } });
    await client.ask("y", { session_id: "b" });
    expect(await make("night", {})).toMatchObject({ status: 201, body: made.body });
    expect(await make("night", { session_ids: ["a"] })).toMatchObject({
      status: 422,
      body: { code: "idempotency_mismatch" },
    });
    expect((await client.get("/backups")).body.data).toHaveLength(1);
    expect((await make("another", {})).body).toMatchObject({ sessions: 2 });
    expect((await client.get("/backups")).body.data).toHaveLength(2);
    const stranger = new Client();
    const theirs = await stranger.post("/backups", { headers: { "idempotency-key": "night" } });
    expect(theirs.body).toMatchObject({ sessions: 0 });
  });

  it("are listed, shown and deleted with all their objects", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "a" });
    const { backup_id } = (await client.post("/backups", { body: { session_ids: ["a"] } })).body;
    const shown = (await client.get(`/backups/${backup_id}`)).body;
    expect(shown).toMatchObject({
      object: "backup",
      session_ids: ["a"],
      reason: "request",
      parts: [{ part: 1, sessions: 1, turns: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    const prefix = `backups/${client.account}/`;
    const manifest = await env.ARCHIVE.get(`${prefix}${backup_id}/manifest.json`);
    expect(await manifest?.json()).toMatchObject({
      format: 1,
      made_by: expect.stringMatching(/^colloquy \d/),
      made_from: { session_ids: ["a"], after_backup: null },
      parts: shown.parts,
    });
    expect((await client.call("DELETE", `/backups/${backup_id}`)).body.deleted).toBe(true);
    expect((await env.ARCHIVE.list({ prefix })).objects).toEqual([]);
    expect((await client.get(`/backups/${backup_id}`)).body.code).toBe("backup_not_found");
  });

  it.each([
    ["POST", "/backups", { session_ids: [] }, 422, "session_ids"],
    ["POST", "/backups", { session_ids: ["../x"] }, 422, "session_ids.0"],
    ["POST", "/backups", { session_ids: ["none"] }, 404, "session_ids"],
    ["POST", "/backups", { all: true }, 422, "all"],
    ["POST", "/backups/none/restore", {}, 404, undefined],
    ["POST", "/backups/none/restore", { on_conflict: "merge" }, 422, "on_conflict"],
    ["POST", "/backups/none/restore", { dry_run: "yes" }, 422, "dry_run"],
    ["POST", "/backups/..%2fx/verify", undefined, 422, "backup_id"],
    ["GET", "/backups?after=none", undefined, 422, "after"],
    ["POST", "/archives/restore", {}, 422, "session_ids"],
  ])("%s %s with %j is refused", async (method, path, body, status, param) => {
    const client = new Client();
    const answer = await client.call(method, path, body && { body });
    expect([answer.status, answer.body.param]).toEqual([status, param]);
  });

  it("are made by policy at the maintenance cron, and archives deleted whose time is over", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "old" }, { at: START });
    await client.post("/sessions/old/archive", { at: START });
    await client.ask("x", { session_id: "new" }, { at: START });
    await client.call("PUT", "/retention", { body: { backup_every_days: 1, archive_days: 5 } });
    const jobs: MessageSendRequest[] = [];
    const JOBS = {
      sendBatch: (batch: MessageSendRequest[]) => void jobs.push(...batch),
      send: (body: unknown) => void jobs.push({ body }),
    };
    const bindings = { ...env, JOBS: JOBS as unknown as Queue };
    const cronAt = async (at: number, cron = "0 * * * *") => {
      jobs.length = 0;
      await runInDurableObject(client.object, (instance) => instance.alarm());
      await worker.scheduled({ scheduledTime: at, cron, noRetry: () => undefined }, bindings);
      const types: string[] = [];
      // A job may send another.
      while (jobs.length > 0) {
        const own = jobs.splice(0).map(({ body }) => body as { account_id: string; type: string });
        const mine = own.filter(({ account_id }) => account_id === client.account);
        const messages = mine.map((body) => ({
          id: "m",
          attempts: 1,
          body,
          ack: () => undefined,
          retry: () => Promise.reject(new Error("a job failed")),
        }));
        await worker.queue({ messages } as unknown as MessageBatch, bindings);
        types.push(...mine.map(({ type }) => type));
      }
      return types;
    };
    const backups = async () => (await client.get("/backups")).body.data.length;
    expect(await cronAt(START)).toEqual(["maintain"]);
    expect(await backups()).toBe(1);
    expect(await cronAt(START + 0.5 * DAY)).toEqual([]);
    expect(await cronAt(START + 1.01 * DAY)).toEqual(["maintain"]);
    expect(await backups()).toBe(2);
    expect((await client.get("/archives")).body.data).toHaveLength(1);
    expect(await cronAt(START + 5.1 * DAY, "0 2 * * *")).toEqual(["sweep", "maintain"]);
    expect(await backups()).toBe(3);
    expect((await client.get("/archives")).body.data).toHaveLength(0);
    expect((await client.get("/sessions")).body.data).toMatchObject([{ session_id: "new" }]);
  });
});

/** The accounts that a maintenance under these settings would go to. */
const listed = async (settings: string) => {
  const shards = Array.from({ length: DIRECTORY_SHARDS }, (_, shard) =>
    callDirectory(env, shardName(shard), (directory) =>
      directory.due("maintain", { now: 0, settings }, { after: "", limit: 1_000 }),
    ),
  );
  const found = await Promise.all(shards);
  return found.flat().map((row) => row.account_id);
};

it("asks accounts again once the deployment's settings change", async () => {
  const client = new Client();
  await client.ask("x");
  await runInDurableObject(client.object, (instance) => instance.alarm());
  expect(await listed("others")).toContain(client.account);
  const listedUnder = (more: object) => listed(settingsOf({ ...env, ...more }));
  expect(await listedUnder({})).not.toContain(client.account);
  const key = Buffer.from("k".repeat(32)).toString("base64");
  expect(await listedUnder({ ARCHIVE_KEY: key })).toContain(client.account);
  expect(await listedUnder({ ARCHIVE_REPLICA: env.ARCHIVE })).toContain(client.account);
});
