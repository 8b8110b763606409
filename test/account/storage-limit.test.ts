import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, inject, it, vi } from "vitest";

import { sweepAccount } from "../../src/jobs/sweep.ts";
import { Client, DAY } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { shrinkDisk } from "../support/small-disk.ts";
import type { SmallDisk } from "../support/small-disk.ts";
import { PATIENCE } from "../support/until.ts";

const MIB = 1024 * 1024;
const ROOT_KEY = "a-root-key-of-more-than-32-characters-for-this-test";
/** Of the test's text in each message: some messages fill a small disk. */
const TEXT = "tea ".repeat(inject("isLarge") ? 4_000 : 8_000);

const disks: SmallDisk[] = [];
const accounts: Client[] = [];

/** An account whose SQLite ends at 3 MiB. */
async function smallAccount(): Promise<{ client: Client; disk: SmallDisk }> {
  const client = new Client();
  await client.ask("Hello", { session_id: "first" }, { at: Date.now() - 2 * DAY });
  const disk = await shrinkDisk(client, 3 * MIB);
  disks.push(disk);
  accounts.push(client);
  return { client, disk };
}

// Other files' accounts are in the same directory: it shall not think of this one as full.
afterEach(async () => {
  for (const disk of disks.splice(0)) await disk.undo();
  for (const client of accounts.splice(0)) {
    await client.call("PUT", "/retention", { body: {} });
    await runDurableObjectAlarm(client.object);
  }
});

/** What was said in a session, and acknowledged. */
type Told = Map<string, string[]>;

async function tell(client: Client, told: Told, session_id: string, at?: number): Promise<Answer> {
  const said = told.get(session_id) ?? [];
  const query = `${said.length} ${session_id} ${TEXT}`;
  const answer = await client.ask(query, { session_id }, at === undefined ? {} : { at });
  if (answer.status === 200) told.set(session_id, [...said, query]);
  return answer;
}

/** Adds sessions of one turn until so much of the disk is used. */
async function fill(
  { client, disk }: { client: Client; disk: SmallDisk },
  told: Told,
  share: number,
  name: string,
  at?: number,
): Promise<void> {
  for (let n = 0; (await disk.share()) < share; n += 1) {
    const { status } = await tell(client, told, `${name}-${n}`, at);
    expect(status).toBe(200);
  }
}

async function checkTold(client: Client, told: Told): Promise<void> {
  for (const [session, queries] of told) {
    const { body } = await client.get(`/sessions/${session}/turns?limit=100`);
    expect(body.data.map(({ input }: { input: string }) => input)).toEqual(queries);
  }
}

const sweepNow = (client: Client) =>
  sweepAccount(
    env,
    {
      account_id: client.account,
      now: Date.now(),
      after: 0,
      so_far: { deleted: 0, errors: 0, bytes: 0 },
    },
    null,
  );

const statusOf = async (client: Client, session: string): Promise<string> =>
  (await client.get(`/sessions/${session}`)).body.status;

describe("an account that comes near the end of its SQLite", () => {
  it("is told of from 60 % on, in health, metrics and the sweep's log", async () => {
    const account = await smallAccount();
    const told: Told = new Map();
    const admin = new Client({ AUTH: "keys", ROOT_KEY, DEV_CLOCK: "off" }, undefined, ROOT_KEY);
    await fill(account, told, 0.61, "s");
    await runDurableObjectAlarm(account.client.object);
    const { body } = await admin.get("/health/detailed");
    const room = body.checks.find(({ name }: { name: string }) => name === "room");
    expect(room).toMatchObject({ status: "degraded", needed: false });
    expect(room.detail).toMatch(
      new RegExp(`^account ${account.client.account} holds 6\\d+ of 10000000000 bytes, 6\\d %$`),
    );
    const { storage } = (await admin.get("/metrics")).body;
    expect(storage.fullest_account_bytes / storage.account_limit_bytes).toBeGreaterThan(0.6);
    const logged = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await sweepNow(account.client);
    const lines = logged.mock.calls.flat().join("\n");
    logged.mockRestore();
    expect(lines).toContain('"event":"storage.filling"');
    // There is room for all of it: nothing is archived early.
    expect(await statusOf(account.client, "s-0")).toBe("live");
  });

  it("has its oldest idle sessions archived past 70 %, without being asked, and brings them back", async () => {
    const account = await smallAccount();
    const { client, disk } = account;
    const told: Told = new Map();
    const hour = 3_600_000;
    await fill(account, told, 0.4, "old", Date.now() - 5 * hour);
    await fill(account, told, 0.8, "new", Date.now() - hour);
    await runDurableObjectAlarm(client.object);
    await vi.waitFor(async () => expect(await disk.share()).toBeLessThan(0.7), PATIENCE);
    await vi.waitFor(
      async () => expect(await statusOf(client, "old-0")).toBe("archived"),
      PATIENCE,
    );
    expect(await statusOf(client, [...told.keys()].at(-1) ?? "")).toBe("live");
    const { body } = await tell(client, told, "old-0");
    expect(body).toMatchObject({ restored: true, stored: true });
    await checkTold(client, told);
  });

  it("says in a dry run that bytes are the reason", async () => {
    const account = await smallAccount();
    const told: Told = new Map();
    await account.client.call("PUT", "/retention", { body: { live_bytes: 2_000_000_000 } });
    await fill(account, told, 0.4, "s", Date.now() - DAY);
    const { body } = await account.client.post("/purge?dry_run=true");
    expect(Object.keys(body.reasons)).toEqual(["bytes"]);
    expect(body.first_sessions[0]).toMatchObject({ reason: "bytes", days: null });
    expect(body.reason).toContain("more live bytes than it may have");
  });

  it("takes no new session from 95 % on, and goes on with the others until 99 %", async () => {
    const account = await smallAccount();
    const { client, disk } = account;
    const told: Told = new Map();
    await fill(account, told, 0.95, "s");
    const refused = await client.ask("Hello", { session_id: "one-more" });
    expect([refused.status, refused.body.code]).toEqual([507, "storage_full"]);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(refused.headers.get("retry-after")).toBeNull();
    const wire = await client.post("/v1/responses", { body: { model: "local", input: "Hello" } });
    expect(wire.status).toBe(507);
    expect(wire.body.error).toMatchObject({ code: "storage_full", type: "server_error" });
    expect(wire.headers.get("x-should-retry")).toBe("false");
    const made = await client.post("/v1/conversations", { body: { items: [] } });
    expect(made.status).toBe(507);
    let last: Answer;
    do last = await tell(client, told, "s-0");
    while (last.status === 200);
    expect([last.status, last.body.code]).toEqual([507, "storage_full"]);
    expect(await disk.share()).toBeGreaterThan(0.98);
    await checkTold(client, told);
    // What frees room is taken, also now.
    const erased = await client.call("DELETE", "/sessions/s-1");
    expect(erased.status).toBe(200);
    told.delete("s-1");
    const purge = await client.post("/purge", { body: { older_than_days: 0.000_001 } });
    expect(purge.body).toMatchObject({ errors: 0 });
    expect(await disk.share()).toBeLessThan(0.7);
    expect((await tell(client, told, "one-more")).status).toBe(200);
    await checkTold(client, told);
  });
});

describe("SQLITE_FULL", () => {
  it("at any statement of a turn is the same answer, and loses nothing", async () => {
    const { client, disk } = await smallAccount();
    const told: Told = new Map();
    await tell(client, told, "s");
    const seen: string[] = [];
    for (let nth = 1; nth <= 30; nth += 1) {
      await disk.failFrom(nth);
      const { status, body } = await client.ask("Hello", { session_id: `t-${nth}` });
      await disk.failFrom(null);
      seen.push(status === 200 ? "answered" : `${status} ${body.code}`);
      if (status === 200) told.set(`t-${nth}`, ["Hello"]);
    }
    expect(new Set(seen)).toEqual(new Set(["507 storage_full", "answered"]));
    await checkTold(client, told);
  });

  it("while a session is brought back leaves it archived", async () => {
    const { client, disk } = await smallAccount();
    const told: Told = new Map();
    await tell(client, told, "s");
    expect((await client.post("/sessions/s/archive")).status).toBe(200);
    await disk.failAt("insert into turns");
    expect((await client.ask("More", { session_id: "s" })).body.code).toBe("storage_full");
    expect(await statusOf(client, "s")).toBe("archived");
    await tell(client, told, "s");
    await checkTold(client, told);
  });
});
