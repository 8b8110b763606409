import { describe, expect, inject, it } from "vitest";

import { unwrap } from "../../../src/shared/errors.ts";
import { Client, DAY } from "../../support/client.ts";
import { accountRpc } from "../../../src/account/account-client.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const openai = (model: string) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
});
const put = (client: Client, state: unknown, etag?: string) =>
  client.call("PUT", "/sessions/s/state", {
    body: state,
    ...(etag !== undefined && { headers: { "if-match": etag } }),
  });
const patch = (client: Client, state: unknown, headers: Record<string, string> = {}) =>
  client.call("PATCH", "/sessions/s/state", { body: state, headers });
const read = async (client: Client) => {
  const { body, headers } = await client.get("/sessions/s/state");
  return [body, headers.get("etag")];
};
/** A client with a session `s`. */
async function withSession(vars: object = {}): Promise<Client> {
  const client = new Client(vars);
  await new Client({}, client.account).ask("Hi", { session_id: "s" }, { at: NOW });
  return client;
}

const archived = async () => {
  const client = await withSession();
  await put(client, { step: "price", note: "größe" }, '"0"');
  await client.call("PATCH", "/sessions/s", { body: { facts: ["likes tea"] } });
  await client.post("/purge", { at: NOW + 40 * DAY });
  return client;
};
const statusOf = async (client: Client) => (await client.get("/sessions/s")).body.status;

describe("a session's state", () => {
  it("begins empty, is replaced and patched, and each change is a version", async () => {
    const client = await withSession();
    expect(await read(client)).toEqual([{}, '"0"']);
    const first = await put(client, { step: "name", product: { price: 3 } }, '"0"');
    expect([first.status, first.headers.get("etag")]).toEqual([200, '"1"']);
    const next = await patch(client, { step: null, product: { size: "L" } }, { "if-match": '"1"' });
    expect(next.body).toEqual({ product: { price: 3, size: "L" } });
    expect(await read(client)).toEqual([{ product: { price: 3, size: "L" } }, '"2"']);
    expect((await put(client, {}, "*")).headers.get("etag")).toBe('"3"');
  });

  it("that is stale for the writer is not changed: 412; without If-Match a PUT is 428", async () => {
    const client = await withSession();
    await put(client, { n: 1 }, '"0"');
    for (const stale of ['"0"', 'W/"1"', '"0", "7"', '"other"'])
      expect(await put(client, { n: 2 }, stale)).toMatchObject({
        status: 412,
        body: { code: "precondition_failed", param: "If-Match" },
      });
    expect((await patch(client, { n: 2 }, { "if-match": '"0"' })).status).toBe(412);
    expect(await put(client, { n: 2 })).toMatchObject({
      status: 428,
      body: { code: "precondition_required" },
    });
    expect((await put(client, { n: 2 }, "1")).status).toBe(422);
    expect(await read(client)).toEqual([{ n: 1 }, '"1"']);
    expect((await put(client, { n: 2 }, '"0", "1"')).status).toBe(200);
  });

  it("is won by one of two writers with the same ETag", async () => {
    const client = await withSession();
    const writes = await Promise.all([put(client, { a: 1 }, '"0"'), put(client, { b: 1 }, '"0"')]);
    expect(new Set(writes.map(({ status }) => status))).toEqual(new Set([200, 412]));
  });

  it("answers 304 to a caller that has the current version", async () => {
    const client = await withSession();
    await put(client, { n: 1 }, '"0"');
    const ask = (etag: string) =>
      client.fetch("GET", "/sessions/s/state", { headers: { "if-none-match": etag } });
    expect((await ask('"1"')).status).toBe(304);
    expect((await ask('W/"1"')).status).toBe(304);
    expect((await ask('"0"')).status).toBe(200);
  });

  it("that is written as it was makes no version and costs no row", async () => {
    const client = await withSession();
    await put(client, { n: 1 }, '"0"');
    const written = async () => unwrap(await accountRpc(client.object).settings.rows()).written;
    const before = await written();
    expect((await put(client, { n: 1 }, '"1"')).headers.get("etag")).toBe('"1"');
    expect((await patch(client, {})).headers.get("etag")).toBe('"1"');
    expect(await written()).toBe(before);
  });

  it.each([
    ["a list", [1], 422],
    ["a text", '"text"', 422],
    ["null", null, 422],
    ["no JSON", "{", 400],
    ["65 levels", JSON.parse(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`), 422],
    ["more than 64 KiB", { text: "ü".repeat(33_000) }, 413],
  ])("refuses %s, and stays what it was", async (_, state, status) => {
    const client = await withSession();
    await put(client, { n: 1 }, '"0"');
    expect((await put(client, state, '"1"')).status).toBe(status);
    expect((await patch(client, state)).status).toBe(status);
    expect(await read(client)).toEqual([{ n: 1 }, '"1"']);
  });

  it("does not outgrow its bound by patches", async () => {
    const client = await withSession();
    await put(client, { a: "x".repeat(40_000) }, '"0"');
    expect((await patch(client, { b: "x".repeat(40_000) })).body.code).toBe("state_too_large");
    expect((await read(client))[1]).toBe('"1"');
  });

  it("keeps names that JavaScript takes for something else", async () => {
    const client = await withSession();
    const state = '{"__proto__":{"a":1},"constructor":2,"toString":null}';
    await put(client, state, '"0"');
    const response = await client.fetch("GET", "/sessions/s/state");
    expect(await response.text()).toBe(state);
  });

  it("takes 64 levels", async () => {
    const client = await withSession();
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(64)}1${"}".repeat(64)}`);
    expect((await put(client, deep, '"0"')).status).toBe(200);
  });
});

describe("a turn's state_patch", () => {
  it("creates a product over three turns", async () => {
    const client = new Client();
    const step = (query: string, state_patch: object) =>
      client.ask(query, { session_id: "s", state_patch });
    expect((await step("A mug", { product: { name: "mug" }, step: "price" })).body).toMatchObject({
      new_session: true,
      state_version: 1,
    });
    expect(
      (await step("For 8", { product: { price: 8 }, step: "confirm" })).body.state_version,
    ).toBe(2);
    await step("Yes", { product: { created: true }, step: null });
    expect(await read(client)).toEqual([
      { product: { name: "mug", price: 8, created: true } },
      '"3"',
    ]);
  });

  it("is made with the turn's answer, and not without one", async () => {
    const client = await withSession(openai("fail"));
    const failed = await client.ask("Hi", { session_id: "s", state_patch: { n: 1 } });
    expect(failed.status).toBe(502);
    expect(await read(client)).toEqual([{}, '"0"']);
  });

  it("is made once, however often the request comes", async () => {
    const client = new Client();
    const ask = () =>
      client.fetch("POST", "/query", {
        body: { query: "Hi", session_id: "s", state_patch: { n: 1 } },
        headers: { "idempotency-key": "k" },
      });
    const first = await (await ask()).text();
    await patch(client, { n: 2 });
    expect(await (await ask()).text()).toBe(first);
    expect(await read(client)).toEqual([{ n: 2 }, '"2"']);
  });

  it("that is no object, or too large, is refused before a model is called", async () => {
    const client = await withSession();
    await put(client, { a: "x".repeat(40_000) }, '"0"');
    for (const [state_patch, status] of [
      [[1], 422],
      ["text", 422],
      [{ b: "x".repeat(40_000) }, 413],
      [{ b: "x".repeat(70_000) }, 413],
    ]) {
      const { status: got, body } = await client.ask("Hi", { session_id: "s", state_patch });
      expect([got, body.param]).toEqual([status, "state_patch"]);
    }
    expect((await client.get("/sessions/s/turns")).body.data).toHaveLength(1);
  });
});

describe("an archived session's state", () => {
  it("is read where it lies", async () => {
    const client = await archived();
    expect(await read(client)).toEqual([{ step: "price", note: "größe" }, '"1"']);
    expect((await client.get("/archives/s")).body).toMatchObject({
      state: { step: "price" },
      state_version: 1,
      facts: ["likes tea"],
    });
    expect(await statusOf(client)).toBe("archived");
    const stored = await client.get("/storage-stats");
    expect(stored.body.total_conversations).toBe(0);
  });

  it("comes back with a question, or with a change", async () => {
    const asked = await archived();
    await asked.ask("Hi", { session_id: "s" });
    expect(await read(asked)).toEqual([{ step: "price", note: "größe" }, '"1"']);
    const changed = await archived();
    expect((await put(changed, { step: "done" }, '"0"')).status).toBe(412);
    expect((await patch(changed, { step: "done" }, { "if-match": '"1"' })).body.note).toBe("größe");
    expect(await statusOf(changed)).toBe("live");
  });
});
