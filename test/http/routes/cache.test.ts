import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { cachePrefixes } from "../../../src/outbound/cache-keys.ts";
import { Client, freshAccount } from "../../support/client.ts";
import { clockOffset, setClockOffset } from "../../support/clock.ts";
import { root } from "../../support/keys.ts";

const ASK = "Where do I find my invoice?";
const support = (client: Client, question = ASK, more = {}) =>
  client.ask(question, { assistant: "support", ...more });
const entries = async (account: string) =>
  (await Promise.all(cachePrefixes(account).map((prefix) => env.CACHE.list({ prefix })))).flatMap(
    ({ keys }) => keys.map(({ name }) => name),
  );

describe("the query cache", () => {
  it("answers the same first question again, as a turn of its own", async () => {
    const client = new Client();
    const first = (await support(client)).body;
    const again = (await support(client, `  where do I\n find my INVOICE? `)).body;
    expect([first.cached, again.cached]).toEqual([undefined, true]);
    expect(again).toMatchObject({ response: first.response, stored: true, model: first.model });
    expect(again.session_id).not.toBe(first.session_id);
    expect(again.usage).toBeUndefined();
    const { data } = (await client.get(`/sessions/${again.session_id}/messages`)).body;
    expect(data.map(({ content }: { content: string }) => content)).toContain(first.response);
  });

  it("says the same when the turn is replayed, and streams it", async () => {
    const client = new Client();
    await support(client);
    const call = { headers: { "idempotency-key": "k" } };
    const first = await client.ask(ASK, { assistant: "support" }, call);
    const replay = await client.ask(ASK, { assistant: "support" }, call);
    expect(first.body.cached).toBe(true);
    expect(replay.body).toEqual(first.body);
    const streamed = await client.fetch("POST", "/query", {
      body: { query: ASK, assistant: "support", stream: true },
    });
    expect(await streamed.text()).toContain('"cached":true');
  });

  it("is not for later turns, other questions, other assistants, or other accounts", async () => {
    const client = new Client();
    const { session_id } = (await support(client)).body;
    expect((await support(client, ASK, { session_id })).body.cached).toBeUndefined();
    expect((await support(client, "Where is my order?")).body.cached).toBeUndefined();
    expect((await client.ask(ASK)).body.cached).toBeUndefined();
    expect((await support(new Client())).body.cached).toBeUndefined();
    await root.call("PUT", `/admin/accounts/${client.account}/assistants/support`, {
      body: { instructions: "Answer in verse." },
    });
    expect((await support(client)).body.cached).toBeUndefined();
    expect((await support(client)).body.cached).toBe(true);
  });

  it("goes with its account, and the receipt names where it was", async () => {
    const client = new Client();
    await support(client);
    const kept = await entries(client.account);
    expect(kept).toHaveLength(1);
    const { body: receipt } = await root.call("DELETE", `/admin/accounts/${client.account}`);
    expect(receipt).toMatchObject({ verified: true, cache_entries: 1 });
    expect(receipt.where).toEqual(
      expect.arrayContaining(cachePrefixes(client.account).map((prefix) => `kv:${prefix}`)),
    );
    expect(await entries(client.account)).toEqual([]);
    expect((await support(client)).body.cached).toBeUndefined();
  });

  it("holds no text in its keys, and keeps for as long as the account says", async () => {
    const client = new Client();
    await support(client);
    const [name = ""] = await entries(client.account);
    expect(name).toMatch(/^query:[0-9a-f]{80}$/);
    const { keys } = await env.CACHE.list({ prefix: name });
    // KV keeps the machine's time.
    const now = Date.now() - clockOffset();
    const hours = ((keys[0]?.expiration ?? 0) - now / 1_000) / 3_600;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24.01);
    await client.call("PUT", "/retention", { body: { cache_hours: null } });
    expect((await support(client)).body.cached).toBeUndefined();
  });

  it("expires when the account says, also sooner than KV lets it go", async () => {
    const client = new Client();
    await client.call("PUT", "/retention", { body: { cache_hours: 0.001 } });
    await support(client);
    expect((await support(client)).body.cached).toBe(true);
    setClockOffset(clockOffset() + 3_700);
    expect((await support(client)).body.cached).toBeUndefined();
    expect((await support(client)).body.cached).toBe(true);
  });

  it("is a miss where it fails, or holds something else", async () => {
    const failing = {
      get: () => Promise.reject(new Error("KV is away")),
      put: () => Promise.reject(new Error("KV is away")),
      delete: () => Promise.reject(new Error("KV is away")),
    };
    const broken = new Client({ CACHE: failing });
    expect((await support(broken)).body.stored).toBe(true);
    expect((await support(broken)).body.cached).toBeUndefined();
    const client = new Client();
    await support(client);
    const [name = ""] = await entries(client.account);
    await env.CACHE.put(name, '{"value":{"text":1},"expires_at":9e15}');
    expect((await support(client)).body).not.toHaveProperty("cached");
  });

  it("forgets the answer of a session that is erased, live or archived", async () => {
    const client = new Client();
    for (const archived of [false, true]) {
      const { session_id } = (await support(client)).body;
      expect(await entries(client.account)).toHaveLength(1);
      if (archived) await client.post(`/sessions/${session_id}/archive`);
      await client.call("DELETE", `/sessions/${session_id}`);
      expect(await entries(client.account)).toEqual([]);
    }
  });
});

const embed = (client: Client, body: object) => client.post("/v1/embeddings", { body });

const near = (a: number[], b: number[]) => a.reduce((sum, v, at) => sum + v * (b[at] ?? 0), 0);

describe("POST /v1/embeddings", () => {
  it("gives each text a vector of length 1, the same text the same, alike ones near", async () => {
    const client = new Client();
    const input = ["the red car", "a red car", "stock exchange rates", "the red car"];
    const { body } = await embed(client, { input, model: "local" });
    expect(body).toMatchObject({ object: "list", model: "local" });
    const vectors = body.data.map(({ embedding }: { embedding: number[] }) => embedding);
    expect(vectors[0]).toHaveLength(256);
    expect(near(vectors[0], vectors[0])).toBeCloseTo(1);
    expect(vectors[3]).toEqual(vectors[0]);
    expect(near(vectors[0], vectors[1])).toBeGreaterThan(near(vectors[0], vectors[2]) + 0.3);
    expect(body.usage.total_tokens).toBeGreaterThan(0);
  });

  it("comes from the cache the second time, and as base64 where that is asked for", async () => {
    const client = new Client();
    const first = (await embed(client, { input: "one", dimensions: 8 })).body;
    const again = (await embed(client, { input: ["one", "two"], dimensions: 8 })).body;
    expect(again.data[0]).toEqual(first.data[0]);
    expect(await entries(client.account)).toHaveLength(2);
    const coded = (await embed(client, { input: "one", dimensions: 8, encoding_format: "base64" }))
      .body.data[0].embedding;
    const floats = new Float32Array(Uint8Array.from(Buffer.from(coded, "base64")).buffer);
    expect(floats[0]).toBeCloseTo(first.data[0].embedding[0], 5);
  });

  it.each([
    [{ input: "" }, "input"],
    [{ input: [] }, "input"],
    [{ input: [1, -2] }, "input[1]"],
    [{ input: [1, "x"] }, "input"],
    [{}, "input"],
    [{ input: "x", dimensions: 0 }, "dimensions"],
    [{ input: "x", encoding_format: "hex" }, "encoding_format"],
  ])("refuses %j as OpenAI does", async (body, param) => {
    const answer = await embed(new Client(), body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", param });
  });

  it("names the model that there is, for one that there is not", async () => {
    const answer = await embed(new Client(), { input: "x", model: "text-embedding-9" });
    expect([answer.status, answer.body.error.code]).toEqual([404, "model_not_found"]);
  });
});

const shown = async () => (await root.get("/admin/cache")).body;

it("an admin sees hits and misses, and clears an account's entries or all", async () => {
  const client = new Client();
  const before = await shown();
  await support(client);
  await support(client);
  const after = await shown();
  expect(after.query.hits - before.query.hits).toBe(1);
  expect(after.query.misses - before.query.misses).toBe(1);
  const other = new Client({}, freshAccount());
  await support(other);
  const cleared = await root.call("DELETE", `/admin/cache?account_id=${client.account}`);
  expect(cleared.body.deleted).toBe(1);
  expect([await entries(client.account), await entries(other.account)]).toMatchObject([
    [],
    [expect.any(String)],
  ]);
  expect((await support(client)).body.cached).toBeUndefined();
  await root.call("DELETE", "/admin/cache");
  expect(await entries(other.account)).toEqual([]);
});
