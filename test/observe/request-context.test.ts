import { createMessageBatch, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ADMIN_LOG } from "../../src/directory/account-directory-do.ts";
import { callDirectory } from "../../src/directory/directory-client.ts";
import worker from "../../src/index.ts";
import { runInContext } from "../../src/observe/request-context.ts";
import { Client, objectOf } from "../support/client.ts";

afterEach(() => void vi.restoreAllMocks());

type Line = Record<string, unknown>;

/** The lines that are logged from here on. */
function watchLog(): Line[] {
  const lines: Line[] = [];
  const keep = (line: string) => void lines.push(JSON.parse(line) as Line);
  vi.spyOn(console, "log").mockImplementation(keep);
  vi.spyOn(console, "error").mockImplementation(keep);
  return lines;
}

const breakTable = (account: string, table: string) =>
  runInDurableObject(objectOf(account), (_, { storage }) => {
    storage.sql.exec(`drop table ${table}`);
  });

/** Throws in the directory's object. */
const appendBroken = () =>
  callDirectory(env, ADMIN_LOG, (directory) => directory.append({ at: 1n } as never));

const message = (id: string, body: object) => ({ id, timestamp: new Date(), attempts: 1, body });

describe("a log line", () => {
  it("of an account's object has the ids of the request", async () => {
    const client = new Client();
    await client.ask("Hi");
    await breakTable(client.account, "session_details");
    const lines = watchLog();
    const { status, headers } = await client.get("/sessions", {
      headers: { "x-request-id": "request-of-mine" },
    });
    expect([status, headers.get("x-request-id")]).toEqual([503, "request-of-mine"]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "storage.failed",
        request_id: "request-of-mine",
        account_id: client.account,
      }),
    );
  });

  it("of a model's failure has the ids of the request and of the call", async () => {
    const client = new Client({ MODEL: "openai/none", OPENAI_BASE_URL: "http://127.0.0.1:9/v1" });
    const lines = watchLog();
    const { body } = await client.ask("Hi");
    const failed = lines.filter(({ event }) => event === "model.failed");
    expect(failed.length).toBeGreaterThan(0);
    for (const line of failed)
      expect(line).toMatchObject({
        request_id: body.request_id,
        call_id: body.call_id,
        account_id: client.account,
      });
  });

  it("of the directory's object has the id of the request", async () => {
    const lines = watchLog();
    await expect(runInContext({ request_id: "r-1" }, appendBroken)).rejects.toMatchObject({
      code: "storage_unavailable",
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ event: "storage.failed", request_id: "r-1" }),
    );
  });

  it("of a job has the id of the request that queued it, or the job's own", async () => {
    const client = new Client();
    await client.ask("Hi");
    const lines = watchLog();
    const job = { type: "sweep", account_id: client.account, now: Date.now() };
    const batch = createMessageBatch("colloquy-jobs", [
      message("m-1", { ...job, request_id: "cron_1" }),
      message("m-2", job),
      message("m-3", { type: "none" }),
    ]);
    await worker.queue(batch, env);
    const about = { account_id: client.account };
    expect(lines).toContainEqual(
      expect.objectContaining({ event: "purge.ended", request_id: "cron_1", ...about }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ event: "purge.ended", request_id: "job_m-2", ...about }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ event: "job.failed", request_id: "job_m-3" }),
    );
  });

  it("of a cron and of an alarm has an id of its own", async () => {
    const client = new Client();
    await client.ask("Hi");
    const lines = watchLog();
    const cron = { scheduledTime: Date.now(), cron: "0 2 * * *", noRetry: () => undefined };
    await worker.scheduled(cron, env);
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "cron.started",
        request_id: expect.stringMatching(/^cron_/),
      }),
    );
    await breakTable(client.account, "inbound_messages");
    await runInDurableObject(client.object, (instance) => instance.alarm());
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "alarm.failed",
        request_id: expect.stringMatching(/^alarm_/),
        account_id: client.account,
      }),
    );
  });
});
