import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";

import { schema } from "../../../src/account/store/schema.ts";
import { callDirectory } from "../../../src/directory/directory-client.ts";
import { Database } from "../../../src/sqlite/database.ts";
import { dropEverything } from "../../../src/sqlite/migrate.ts";
import { Client } from "../../support/client.ts";

/** Databases as each version left them. A new migration adds one; none is ever edited. */
const conversations = import.meta.glob<string>("../../fixtures/conversation/*.sql", {
  query: "?raw",
  import: "default",
  eager: true,
});
const directories = import.meta.glob<string>("../../fixtures/directory/*.sql", {
  query: "?raw",
  import: "default",
  eager: true,
});
const migrations = Object.keys(import.meta.glob("../../../migrations/*/*.sql"));
const nameOf = (path: string) => path.split("/").slice(-2).join("/");
const versions = (fixtures: Record<string, string>) =>
  Object.entries(fixtures).map(([path, sql]) => [nameOf(path), sql] as const);

it("there is one of every version", () => {
  expect(migrations).not.toEqual([]);
  expect([...versions(conversations), ...versions(directories)].map(([name]) => name)).toEqual(
    migrations.map(nameOf),
  );
});

const load = (storage: DurableObjectStorage, sql: string) => {
  const db = new Database(storage);
  db.transaction(() => {
    dropEverything(db);
    db.run(sql);
  });
};

async function openedFrom(sql: string): Promise<Client> {
  const client = new Client();
  await runInDurableObject(client.object, (_, { storage }) => load(storage, sql));
  await evictDurableObject(client.object);
  return client;
}

describe.each(versions(conversations))("an account of %s", (name, sql) => {
  const version = Number(/\/(\d+)/.exec(name)?.[1]);

  it("is opened with all that it held, and goes on", async () => {
    const client = await openedFrom(sql);
    const { body: turns } = await client.get("/sessions/s1/turns?order=asc");
    expect(turns.data).toMatchObject([
      {
        status: "completed",
        input: "My name is Bob",
        output: "Nice to meet you, Bob.",
        model: "local",
      },
      { status: "failed", input: "Does it fail?", output: null, error: { code: "model_failed" } },
    ]);
    expect((await client.get("/sessions/s1")).body).toMatchObject({
      user_id: "bob",
      metadata: { topic: "returns" },
      pinned: true,
      ...(version >= 3 && { role: "client", facts: ["Bob likes tea."] }),
    });
    const { body } = await client.ask("What is my name?", { session_id: "s1" });
    expect(body.response).toBe("Your name is Bob.");
    expect((await client.get("/search?q=Bob")).body.data.length).toBeGreaterThan(1);
    expect((await client.ask("Back?", { session_id: "gone" })).status).toBe(410);
    expect((await client.get("/retention")).body.effective.idle_days).toBe(3_650);
    const { body: fresh } = await client.ask("New", { session_id: "s2" });
    // Keys go on behind those that were given out.
    expect(fresh.call_id).toBe(`call_${(1_025 * 2 ** 20 + 1).toString(36)}`);
  });

  it("is archived, restored and erased", async () => {
    const client = await openedFrom(sql);
    const before = (await client.get("/sessions/s1/turns")).body.data;
    await client.post("/sessions/s1/archive");
    expect((await client.get("/sessions/s1/turns")).body.data).toEqual(before);
    await client.post("/archives/s1/restore");
    expect((await client.get("/sessions/s1/turns")).body.data).toEqual(before);
    const state = await client.get("/sessions/s1/state");
    expect(state.body.state ?? state.body).toMatchObject(version >= 3 ? { cart: [1] } : {});
    await client.call("DELETE", "/sessions/s1");
    expect((await client.get("/sessions/s1")).status).toBe(404);
  });
});

describe.each(versions(directories))("a directory of %s", (_name, sql) => {
  it("is opened with the accounts that it knew", async () => {
    const name = `fixture-${crypto.randomUUID()}`;
    const stub = env.DIRECTORY.getByName(name);
    await runInDurableObject(stub, (_, { storage }) => load(storage, sql));
    await evictDurableObject(stub);
    expect(await callDirectory(env, name, (directory) => directory.find("fixture"))).toMatchObject({
      account_id: "fixture",
      created_at: 1_750_000_000_000,
    });
    // What an older version told is asked for anew.
    const due = await callDirectory(env, name, (directory) =>
      directory.due("sweep", { now: Date.now(), settings: "x" }, { after: "", limit: 9 }),
    );
    expect(due).toMatchObject([{ account_id: "fixture" }]);
  });
});

const inDatabase = (client: Client, sql: string) =>
  runInDurableObject(client.object, (_, { storage }) => storage.sql.exec(sql).toArray());

it("an account whose migration fails is refused, and opened with nothing missing once it runs", async () => {
  const [fixture = ""] = Object.values(conversations);
  const client = await openedFrom(fixture);
  const [first, second, ...others] = await schema.load();
  const broken = { name: "0003_broken", sql: "create table half (x text); create table" };
  vi.spyOn(schema, "load").mockResolvedValueOnce([first, second, broken, ...others] as never);
  const refused = await client.get("/sessions/s1");
  expect(refused).toMatchObject({ status: 503, body: { code: "storage_unavailable" } });
  expect((await client.get("/sessions/s1")).body.pinned).toBe(true);
  const made = "select name from sqlite_master where name in ('half', 'former_sessions')";
  expect(await inDatabase(client, made)).toEqual([{ name: "former_sessions" }]);
  const ran = "select count(*) as count from migrations";
  expect(await inDatabase(client, ran)).toEqual([{ count: schema.records.length }]);
  vi.restoreAllMocks();
});

it("an account that a newer version wrote is refused, and left as it is", async () => {
  const client = new Client();
  await client.ask("Keep this", { session_id: "s" });
  await inDatabase(client, "insert into migrations values ('0099_future', 'x')");
  await evictDurableObject(client.object);
  const refused = await client.ask("And now?", { session_id: "s" });
  expect(refused).toMatchObject({ status: 503, body: { code: "storage_unavailable" } });
});
