import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";

import { directoryOf } from "../../../src/directory/directory-client.ts";
import { Client } from "../../support/client.ts";
import { LOCKED, ROOT_KEY } from "../../support/keys.ts";

const MARK = "\u0001";
const HUGE = 2n ** 63n - 1n;

/** Rows that no door writes, planted in the second turn of the session `odd`, or in its details. */
const PLANTS: Record<string, string> = {
  "a time beyond the year 9999": `update turns set created_at = ${8.64e15 * 1_000}`,
  "a time before 1970": "update turns set created_at = -1e15",
  "a session's times": `update sessions set created_at = ${HUGE}, accessed_at = -${HUGE}`,
  "a duration without end": `update turns set duration_ms = ${HUGE}`,
  "counts that are no counts": "update turns set input_tokens = 1.5, output_tokens = -7",
  "counts whose sum is no integer": `update turns set input_tokens = ${HUGE}, output_tokens = ${HUGE}`,
  "extra that is not JSON": "update turns set extra = 'not JSON'",
  "extra that is no object": "update turns set extra = '[1]'",
  "items that are not JSON": `update turns set input = '${MARK}[', output = '${MARK}{'`,
  "items that are no items": `update turns set input = '${MARK}[{"type":"odd"}]', output = '${MARK}[1, null]'`,
  "a message without content": `update turns set output = '${MARK}[{"type":"message","role":"assistant"}]'`,
  "a call without arguments": `update turns set output = '${MARK}[{"type":"function_call","call_id":"c"}]'`,
  "a status that there is not": "update turns set status = 17",
  "a model that there is not": "update turns set model = 4711",
  "metadata that is not JSON": "update session_details set metadata = '{'",
  "metadata that is no object": "update session_details set metadata = '[1]'",
  "facts that are not JSON": "update session_details set facts = 'x'",
  "a policy event without a time":
    'update turns set extra = \'{"policy":{"outcome":"allowed","events":[{"policy_class":"p"}]}}\'',
  "a call's documents that are not JSON":
    'update turns set extra = \'{"call":{"request":"{","response":"x","metadata":"["}}\'',
};

const LISTS = [
  "/sessions",
  "/sessions?metadata[topic]=x",
  "/sessions/odd",
  "/sessions/odd/messages",
  "/sessions/odd/turns",
  "/sessions/odd/window",
  "/sessions/good/messages",
  "/calls",
  "/calls?policy_outcome=none",
  "/calls?status=abandoned",
  "/storage-stats",
  "/search?q=hello",
  "/analytics",
  "/export",
  "/v1/conversations",
  "/v1/conversations/odd/items",
  "/v1/chat/completions",
];

/** Two sessions of two turns each; the plant goes into the second turn of `odd`. */
async function planted(sql: string): Promise<{ client: Client; calls: string[] }> {
  const client = new Client();
  const calls: string[] = [];
  for (const session_id of ["good", "odd"])
    for (const query of ["Hello there", "Hello again"]) {
      const { body } = await client.ask(query, { session_id, metadata: { topic: "x" } });
      calls.push(body.call_id);
    }
  await client.call("PATCH", "/sessions/odd", { body: { facts: ["Likes tea."] } });
  await runInDurableObject(client.object, (_, { storage }) => {
    const key = "(select key from sessions where session_id = 'odd')";
    const where = / turns set /.test(sql) ? `id = ${key} * 1048576 + 2` : `key = ${key}`;
    storage.sql.exec("delete from account where name = 'counters'");
    storage.sql.exec(`${sql} where ${where}`);
  });
  await evictDurableObject(client.object);
  return { client, calls };
}

async function statusOf(client: Client, path: string): Promise<string> {
  const reply = await client.fetch("GET", path);
  const said = await reply.text();
  return reply.status === 200 ? "200" : `${reply.status} ${said.slice(0, 200)}`;
}

describe.each(Object.entries(PLANTS))("%s", (_name, sql) => {
  it("turns no list into an error, and keeps no other session from archive and backup", async () => {
    const { client, calls } = await planted(sql);
    const paths = [
      ...LISTS,
      ...calls.flatMap((id) => [
        `/calls/${id}`,
        `/calls/${id}/events`,
        `/calls/${id}/policy-events`,
      ]),
    ];
    const statuses: Record<string, string> = {};
    for (const path of paths) statuses[path] = await statusOf(client, path);
    expect(statuses).toEqual(Object.fromEntries(paths.map((path) => [path, "200"])));
    const said = await (await client.fetch("GET", "/export")).text();
    // Whole: its last line is there.
    expect(said).toMatch(/"type":"end","sessions":2,"turns":4\}\n$/);

    const swept = await client.post("/purge", { at: Date.UTC(2100, 0), body: {} });
    expect(swept.status).toBe(200);
    expect(await statusOf(client, "/archives/good")).toBe("200");
    expect(await statusOf(client, "/sessions/odd/messages")).toBe("200");
    const backup = await client.post("/backups", {});
    expect(backup.status).toBe(201);
    expect(backup.body.sessions + backup.body.skipped.length).toBe(2);
  });
});

/** What cannot be read as what it is: in no archive and in no backup may something else take its place. */
const UNREADABLE = [
  "metadata that is not JSON",
  "metadata that is no object",
  "facts that are not JSON",
  "a status that there is not",
  "a policy event without a time",
];

describe.each(UNREADABLE)("a session with %s", (name) => {
  it("stays live, is counted as an error, and is named", async () => {
    const { client } = await planted(PLANTS[name] ?? "");
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const swept = await client.post("/purge", { at: Date.UTC(2100, 0), body: {} });
    expect(swept.body).toMatchObject({ archived: 1, errors: 1 });
    const lines = logged.mock.calls.map(([line]) => JSON.parse(String(line)));
    logged.mockRestore();
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "archive.failed",
        message: "[Archive Error] kept what could not be archived",
        session_id: "odd",
      }),
    );
    const { body } = await client.get("/sessions/odd");
    expect(body).toMatchObject({ status: "live", turns: 2 });
    const now = await client.post("/sessions/odd/archive");
    expect(now.body.code).toBe("archive_unavailable");
  });

  it("makes no backup a complete one, and leaves the others in it to be restored", async () => {
    const { client } = await planted(PLANTS[name] ?? "");
    const { body } = await client.post("/backups", {});
    const skipped = [{ session_id: "odd", code: "archive_corrupt" }];
    expect(body).toMatchObject({ status: "incomplete", sessions: 1, turns: 2, skipped });
    expect((await client.post(`/backups/${body.backup_id}/verify`)).body.valid).toBe(true);
    await client.call("DELETE", "/sessions/good");
    const other = await client.post(`/backups/${body.backup_id}/restore`, { body: {} });
    expect(other.body).toMatchObject({ complete: true });
  });
});

describe("an account whose object fails", () => {
  it("hides no other from the operator", async () => {
    const client = new Client();
    await client.ask("Hello");
    await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("insert or replace into account values ('repair', 'not JSON')"),
    );
    await evictDurableObject(client.object);
    const operator = new Client(LOCKED, client.account, ROOT_KEY);
    await runInDurableObject(
      env.DIRECTORY.getByName(directoryOf(client.account)),
      (_, { storage }) =>
        storage.sql.exec(
          "insert or replace into accounts (account_id, created_at, live_sessions) values (?, 1, 4)",
          client.account,
        ),
    );
    const path = `/admin/accounts?limit=1&after=${client.account.slice(0, -1)}`;
    const { body } = await operator.get(path);
    await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("delete from account where name = 'repair'"),
    );
    await evictDurableObject(client.object);
    expect(body.data[0]).toMatchObject({ account_id: client.account, sessions: 4, turns: null });
  });
});

describe("an account's entry in the directory with odd times", () => {
  it("does not hide the others from the operator", async () => {
    const client = new Client(LOCKED, undefined, ROOT_KEY);
    const account = `odd-${crypto.randomUUID()}`;
    await runInDurableObject(env.DIRECTORY.getByName(directoryOf(account)), (_, { storage }) => {
      storage.sql.exec(
        "insert into accounts (account_id, created_at, purge_at, maintain_at) values (?, -9e18, 9e18, 1e300)",
        account,
      );
    });
    expect(await statusOf(client, "/admin/accounts?limit=100")).toBe("200");
  });
});
