import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";

import { callDirectory, directoryOf } from "../../../src/directory/directory-client.ts";
import { accountRpc } from "../../../src/account/account-client.ts";
import { unwrap } from "../../../src/shared/errors.ts";
import { Client, DAY, freshAccount } from "../../support/client.ts";
import { setClock } from "../../support/clock.ts";
import { LOCKED, ROOT_KEY, adminLog, keyHolder, root } from "../../support/keys.ts";
import { untilListed } from "../../support/until.ts";

/** Lets the object's next look at R2 fail. */
/** The bucket's next listing fails, or does what is given. */
const breakOnce = (client: Client, failing: { list: (...args: []) => Promise<unknown> }) =>
  runInDurableObject(client.object, (instance) => {
    const { ARCHIVE } = (instance as unknown as { env: { ARCHIVE: { list?: unknown } } }).env;
    Object.defineProperty(ARCHIVE, "list", {
      configurable: true,
      value: (...args: []) => {
        delete ARCHIVE.list;
        return failing.list(...args);
      },
    });
  });

const configure = (account: string, body: object) =>
  root.call("PATCH", `/admin/accounts/${account}`, { body });

const call = (session_id: string, n: number) => ({
  call_id: `c${n}`,
  session_id,
  request: { messages: [{ role: "user", content: "Hi" }] },
});

describe("quotas", () => {
  // Noon: none of these days ends meanwhile.
  beforeEach(() => setClock(Date.UTC(2027, 5, 15, 12)));

  it("allow exactly so many turns a day, also when they come at once", async () => {
    const { client } = await keyHolder(["query", "read"]);
    await client.ask("before");
    await configure(client.account, { quotas: { turns_per_day: 10 } });
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, n) => client.ask("Hi", { session_id: `s${n}` })),
    );
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(21);
    expect(refused[0]?.body.code).toBe("quota_turns");
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    const { body } = await client.get("/storage-stats");
    expect(body.total_turns).toBe(10);
    expect(body.quotas.turns_per_day).toEqual({ limit: 10, used: 10 });
  });

  it("allow exactly so many live sessions, and further turns in those", async () => {
    const { client } = await keyHolder(["query", "read"]);
    await configure(client.account, { quotas: { sessions: 3 } });
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) => client.ask("Hi", { session_id: `s${n}` })),
    );
    expect(replies.filter(({ status }) => status === 507).map(({ body }) => body.code)).toEqual(
      Array(5).fill("quota_sessions"),
    );
    const { body } = await client.get("/sessions");
    expect(body.data).toHaveLength(3);
    expect((await client.ask("Hi", { session_id: body.first_id })).status).toBe(200);
  });

  it("are not reset by purging what was counted, nor passed by restoring", async () => {
    const { client } = await keyHolder(["query", "manage", "read"]);
    await configure(client.account, { quotas: { turns_per_day: 3, sessions: 3 } });
    for (let n = 0; n < 3; n += 1) await client.ask("Hi", { session_id: `s${n}` });
    expect((await client.post("/purge?older_than_days=0.00000001")).body.deleted).toBe(3);
    await evictDurableObject(client.object);
    expect((await client.ask("Hi")).body.code).toBe("quota_turns");
    await configure(client.account, { quotas: { turns_per_day: null, sessions: 2 } });
    const restored = [];
    for (let n = 0; n < 3; n += 1)
      restored.push((await client.post(`/archives/s${n}/restore`)).status);
    expect(restored).toEqual([200, 200, 507]);
  });

  it("count every call of a model, stored or not, also when the object wakes again", async () => {
    const { client } = await keyHolder(["query", "read"]);
    await configure(client.account, { quotas: { turns_per_day: 6 } });
    const asked = { model: "local", messages: [{ role: "user", content: "Hi" }] };
    const used = async () =>
      (await client.get("/storage-stats")).body.quotas.turns_per_day.used as number;
    const send = async (path: string, body: object) => (await client.post(path, { body })).status;
    const unstored: [path: string, body: object][] = [
      ["/v1/chat/completions", asked],
      ["/v1/responses", { model: "local", input: "Hi", store: false }],
      ["/v1/responses/compact", { model: "local", input: [asked.messages[0], asked.messages[0]] }],
      ["/v1/embeddings", { input: "Hi", model: "local" }],
    ];
    for (const [index, [path, body]] of unstored.entries()) {
      expect([path, await send(path, body)]).toEqual([path, 200]);
      expect(await used()).toBe(index + 1);
      await evictDurableObject(client.object);
      expect(await used()).toBe(index + 1);
    }
    // From the cache: no model is asked. Nor is it for an estimate of tokens.
    expect(await send("/v1/embeddings", { input: "Hi", model: "local" })).toBe(200);
    expect(await send("/v1/responses/input_tokens", { model: "local", input: "Hi" })).toBe(200);
    expect(await used()).toBe(4);
    expect((await client.ask("Hi")).status).toBe(200);
    expect(await send("/v1/responses", { model: "local", input: "Hi" })).toBe(200);
    await evictDurableObject(client.object);
    for (const [path, body] of unstored.slice(0, 3))
      expect([path, await send(path, body)]).toEqual([path, 429]);
    expect(await send("/v1/embeddings", { input: "Another", model: "local" })).toBe(429);
    expect(await used()).toBe(6);
  });

  it("count turns that a flag keeps from being stored", async () => {
    const holder = await keyHolder(["query", "read"]);
    const { account } = holder.client;
    const client = new Client(
      { ...LOCKED, ENABLE_CONVERSATION_STORAGE: "false" },
      account,
      holder.key,
    );
    await configure(account, { quotas: { turns_per_day: 1 } });
    expect((await client.ask("Hi")).body.stored).toBe(false);
    expect((await client.ask("Hi")).body.code).toBe("quota_turns");
  });

  it("cost an unstored call one row where turns are limited, and no row else", async () => {
    const { client } = await keyHolder(["query"]);
    await client.ask("Hi");
    const written = async () => {
      const rows = unwrap(await accountRpc(client.object).settings.rows());
      return rows.written;
    };
    const rowsOf = async (body: object) => {
      const before = await written();
      await client.post("/v1/responses", { body: { model: "local", input: "Hi", ...body } });
      return (await written()) - before;
    };
    // The alarm tells the directory, and writes rows for that.
    await untilListed(client.object);
    expect(await rowsOf({ store: false })).toBe(0);
    const stored = await rowsOf({});
    await configure(client.account, { quotas: { turns_per_day: 100 } });
    await untilListed(client.object);
    expect(await rowsOf({ store: false })).toBe(1);
    expect(await rowsOf({})).toBe(stored);
  });

  it("bound the sessions and bytes that calls from outside and states fill", async () => {
    const { client } = await keyHolder(["query", "read", "manage"]);
    await configure(client.account, { quotas: { sessions: 2, turns_per_day: 1 } });
    const statuses = [];
    for (const [n, id] of ["a", "b", "c", "a"].entries())
      statuses.push((await client.post("/calls", { body: call(id, n) })).status);
    expect(statuses).toEqual([201, 201, 507, 201]);
    const lines = [call("d", 5), call("b", 6)].map((line) => JSON.stringify(line)).join("\n");
    expect((await client.post("/calls/batch", { body: lines })).body).toMatchObject({
      created: 1,
      errors: [{ line: 1, code: "quota_sessions" }],
    });
    // Another program's calls are no turns of a model here.
    await evictDurableObject(client.object);
    expect((await client.get("/storage-stats")).body.quotas).toMatchObject({
      sessions: { used: 2 },
      turns_per_day: { used: 0 },
    });
    const put = async (state: object) =>
      (
        await client.call("PUT", "/sessions/a/state", {
          body: state,
          headers: { "if-match": "*" },
        })
      ).status;
    const change = async (path: string, body: object) =>
      (await client.call("PATCH", path, { body })).status;
    expect(await put({ step: "first", n: 1 })).toBe(200);
    await configure(client.account, { quotas: { stored_bytes: 1 } });
    expect(await put({ step: "second", n: 2, more: 3 })).toBe(507);
    expect(await change("/sessions/a/state", { more: 3 })).toBe(507);
    expect(await change("/sessions/a", { metadata: { more: "3" } })).toBe(507);
    expect((await client.post("/calls", { body: call("a", 7) })).body.code).toBe("quota_bytes");
    expect((await client.post("/calls", { body: { request: {} } })).body.code).toBe("quota_bytes");
    const event = { event_type: "chunk", payload: { choices: [] } };
    expect((await client.post("/calls/c0/events", { body: event })).body.code).toBe("quota_bytes");
    // A call that is there already, a smaller state and a hold need no room.
    expect((await client.post("/calls", { body: call("a", 0) })).status).toBe(200);
    expect(await put({ n: 2 })).toBe(200);
    expect(await change("/sessions/a", { hold: "case 7" })).toBe(200);
  });

  it("refuse turns past the stored bytes, before a model is asked, and lift again", async () => {
    const { client } = await keyHolder(["query"]);
    await configure(client.account, { quotas: { stored_bytes: 1 } });
    expect(await client.ask("Hi")).toMatchObject({ status: 507, body: { code: "quota_bytes" } });
    await configure(client.account, { quotas: { stored_bytes: null } });
    expect((await client.ask("Hi")).status).toBe(200);
  });
});

describe("accounts", () => {
  it("are listed page by page over all of the directory", async () => {
    const accounts = Array.from(
      { length: 7 },
      (_, n) => `list-${n}-${crypto.randomUUID().slice(0, 6)}`,
    ).toSorted();
    for (const account of accounts) {
      const client = new Client({}, account);
      await client.ask("Hi");
      await runDurableObjectAlarm(client.object);
    }
    const seen: string[] = [];
    let page;
    do {
      const after: string = seen.length > 0 ? `&after=${seen.at(-1)}` : "";
      page = (await root.get(`/admin/accounts?limit=2${after}`)).body;
      seen.push(...page.data.map(({ account_id }: { account_id: string }) => account_id));
    } while (page.has_more);
    expect(seen.filter((account) => accounts.includes(account))).toEqual(accounts);
    expect(new Set(seen).size).toBe(seen.length);
    const { body } = await root.get(`/admin/accounts/${accounts[0]}`);
    expect(body).toMatchObject({
      object: "account",
      sessions: 1,
      turns: 1,
      hold: null,
      retention_days: 30,
    });
    expect(Date.parse(body.next_due_at)).toBeGreaterThan(Date.now() + 28 * DAY);
  });

  it("under legal hold keep everything: sweeps, erasing a session and erasing the account", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: Date.now() - 40 * DAY });
    await configure(client.account, { hold: "case 9" });
    expect((await client.get("/storage-stats")).body.due_for_purge).toBe(0);
    expect((await client.post("/purge")).body).toMatchObject({ deleted: 0, remaining: 0 });
    expect((await client.post("/purge?dry_run=true")).body.would_delete).toBe(0);
    expect((await client.call("DELETE", "/sessions/s")).body.code).toBe("account_held");
    expect((await root.call("DELETE", `/admin/accounts/${client.account}`)).body.code).toBe(
      "account_held",
    );
    await configure(client.account, { hold: null });
    expect((await client.post("/purge")).body).toMatchObject({ deleted: 1 });
  });

  it("are erased with a receipt: rows, archives, directory and keys", async () => {
    const { client, key } = await keyHolder(["query", "read", "manage"]);
    const open = new Client({}, client.account);
    await open.ask(
      "My secret is XYZZY-canary",
      { session_id: "old" },
      { at: Date.now() - 40 * DAY },
    );
    await client.ask("My secret is XYZZY-canary", { session_id: "new" });
    await client.post("/purge");
    await runDurableObjectAlarm(client.object);
    const { body } = await root.call("DELETE", `/admin/accounts/${client.account}`);
    expect(body).toMatchObject({
      deleted: true,
      sessions: 1,
      archived_sessions: 1,
      turns: 2,
      objects: 1,
      verified: true,
    });
    expect(
      (await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` })).objects,
    ).toEqual([]);
    const found = await callDirectory(env, directoryOf(client.account), (directory) =>
      directory.find(client.account),
    );
    expect(found).toBeNull();
    expect((await client.as(key).get("/sessions")).body.code).toBe("key_revoked");
    // Its id may be used again, and starts with nothing.
    const again = await keyHolder(["query", "read"], client.account);
    expect((await again.client.get("/sessions")).body.data).toEqual([]);
    expect((await again.client.ask("Hi", { session_id: "new" })).body.new_session).toBe(true);
  });

  it("that are half erased are erased whole by the alarm", async () => {
    const client = new Client();
    await client.ask("Hi", {}, { at: Date.now() - 40 * DAY });
    await client.post("/purge");
    const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    expect(objects).toHaveLength(1);
    const failing = { list: () => Promise.reject(new Error("R2 is away")) };
    await breakOnce(client, failing);
    expect((await root.call("DELETE", `/admin/accounts/${client.account}`)).status).toBe(503);
    // Nothing is taken in any more that would be lost, nor a hold that would not hold.
    expect((await configure(client.account, { hold: "too late" })).status).toBe(503);
    expect((await client.ask("Hi")).status).toBe(503);
    expect(
      (await root.post("/admin/keys", { body: { account_id: client.account, scopes: ["read"] } }))
        .status,
    ).toBe(503);
    await runDurableObjectAlarm(client.object);
    expect(
      (await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` })).objects,
    ).toEqual([]);
    expect((await client.get("/storage-stats")).body).toMatchObject({
      archived_conversations: 0,
      total_turns: 0,
    });
  });

  it("are not erased again by a second request that waited after the first", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" });
    const erase = () => root.call("DELETE", `/admin/accounts/${client.account}`);
    const [first, second] = await Promise.all([erase(), erase()]);
    expect([first.body.sessions, second.body.sessions]).toEqual(expect.arrayContaining([0, 1]));
    expect((await client.ask("Hi", { session_id: "s" })).body.new_session).toBe(true);
    await evictDurableObject(client.object);
    await runDurableObjectAlarm(client.object);
    expect((await client.get("/storage-stats")).body.total_turns).toBe(1);
    const row = await callDirectory(env, directoryOf(client.account), (directory) =>
      directory.find(client.account),
    );
    expect(row).toMatchObject({ account_id: client.account });
  });

  it("that are swept while they are erased keep nothing of before", async () => {
    const client = new Client();
    for (const session_id of ["a", "b"])
      await client.ask("Hi", { session_id }, { at: Date.now() - 40 * DAY });
    await Promise.all([
      root.call("DELETE", `/admin/accounts/${client.account}`),
      client.post("/purge"),
    ]);
    await evictDurableObject(client.object);
    expect((await client.get("/storage-stats")).body).toMatchObject({
      total_conversations: 0,
      archived_conversations: 0,
      total_turns: 0,
    });
  });

  it.each([
    [{ retention_days: 0 }, "retention_days"],
    [{ quotas: { turns_per_day: -1 } }, "quotas.turns_per_day"],
    [{ quotas: { turns: 1 } }, "quotas.turns"],
    [{ hold: "" }, "hold"],
  ])("are not configured by %j", async (body, param) => {
    expect(await configure(freshAccount(), body)).toMatchObject({ status: 422, body: { param } });
  });
});

it("a directory that is away is a 503, not a 500", async () => {
  const away = { getByName: () => ({ find: () => Promise.reject(new Error("away")) }) };
  const { body, status } = await new Client(
    { ...LOCKED, DIRECTORY: away },
    "default",
    ROOT_KEY,
  ).get("/admin/accounts/x");
  expect([status, body.code]).toEqual([503, "storage_unavailable"]);
});

describe("the admin log", () => {
  it("is intact past its end, too", async () => {
    expect((await root.get("/admin/log?after=999999")).body).toMatchObject({
      data: [],
      intact: true,
    });
  });

  it("has what was done, by whom, in a chain of hashes", async () => {
    const { client } = await keyHolder(["query"]);
    await configure(client.account, { hold: "case 1" });
    const entries = await adminLog();
    expect(entries.filter(({ target }) => target.includes(client.account))).toMatchObject([
      { action: "key.create", actor: "root" },
      { action: "account.configure", actor: "root", details: { hold: "case 1" } },
    ]);
  });
});
