import { expect, test } from "vitest";

import { ColloquyError, createColloquy, unwrap } from "../../src/client/index.ts";
import type { RetryOptions } from "../../src/client/index.ts";
import { standIn } from "./stand-in.ts";
import type { Answer } from "./stand-in.ts";

const OK: Answer = { status: 200, body: { success: true, response: "Hello", stored: true } };
const busy = (headers: Record<string, string> = {}): Answer => ({
  status: 503,
  headers,
  body: { code: "storage_unavailable", error: "Storage does not answer." },
});

async function server(...answers: Answer[]) {
  const stand = await standIn(answers);
  const waits: number[] = [];
  const client = (retry: Partial<RetryOptions> = {}) =>
    createColloquy({
      baseUrl: stand.url,
      key: "ck_test",
      retry: { firstWaitMs: 1, onWait: (_reason, ms) => waits.push(ms), ...retry },
    });
  return Object.assign(stand, { client, waits });
}

test("a question is sent again under the same idempotency key", async () => {
  await using stand = await server("cut", busy(), OK);
  const reply = await unwrap(stand.client().POST("/query", { body: { query: "Hello" } }));
  expect(reply.response).toBe("Hello");
  const keys = stand.received.map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toMatch(/^[\da-f-]{36}$/);
  expect(new Set(keys).size).toBe(1);
  expect(new Set(stand.received.map(({ body }) => body))).toEqual(new Set(['{"query":"Hello"}']));
});

test("the caller's own idempotency key is kept", async () => {
  await using stand = await server(OK);
  await stand.client().POST("/query", {
    params: { header: { "Idempotency-Key": "mine" } },
    body: { query: "Hello" },
  });
  expect(stand.received[0]?.headers["idempotency-key"]).toBe("mine");
});

/** Each such request makes another key. */
const NEW_KEY = { body: { account_id: "acme", scopes: ["read" as const] } };

test("a POST that may not be done twice is sent once", async () => {
  await using cut = await server("cut", OK);
  const made = cut.client().POST("/admin/keys", NEW_KEY);
  await expect(made).rejects.toThrow(/is not reached/);
  expect(cut.received).toHaveLength(1);
  await using failing = await server({ status: 500, body: { code: "internal", error: "No." } }, OK);
  expect((await failing.client().POST("/admin/keys", NEW_KEY)).response.status).toBe(500);
  expect(failing.received).toHaveLength(1);
});

test("it is sent again where the server says that nothing was done, after the wait it names", async () => {
  await using stand = await server(busy({ "retry-after-ms": "7" }), {
    status: 429,
    headers: { "retry-after": "0" },
    body: { code: "rate_limited", error: "Slower." },
  });
  const { response } = await stand.client({ tries: 3 }).POST("/admin/keys", NEW_KEY);
  expect(response.status).toBe(429);
  expect(stand.received).toHaveLength(3);
  expect(stand.waits).toEqual([7, 0]);
});

test("a long wait is left to the caller", async () => {
  await using stand = await server({
    status: 429,
    headers: { "retry-after-ms": "3600000" },
    body: { code: "quota_turns", error: "No more turns today." },
  });
  const failed: unknown = await unwrap(
    stand.client().POST("/query", { body: { query: "Hello" } }),
  ).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ColloquyError);
  expect(failed).toMatchObject({ code: "quota_turns", status: 429, retryAfterMs: 3_600_000 });
  expect(stand.received).toHaveLength(1);
});

test("waits double where the server names none", async () => {
  await using stand = await server(busy());
  await stand.client({ tries: 4 }).GET("/sessions");
  expect(stand.waits).toEqual([1, 2, 4]);
});

test("a request that is still being done is asked for again; another conflict is not", async () => {
  const inFlight = { code: "idempotency_in_flight", error: "It is being done." };
  await using stand = await server({ status: 409, body: inFlight }, OK);
  expect(await unwrap(stand.client().POST("/query", { body: { query: "Hello" } }))).toMatchObject({
    response: "Hello",
  });
  await using other = await server({ status: 409, body: { code: "session_busy", error: "Busy." } });
  const { response } = await other.client().POST("/query", { body: { query: "Hello" } });
  expect(response.status).toBe(409);
  expect(other.received).toHaveLength(1);
});

test("a reply that breaks off is one more failed try", async () => {
  await using stand = await server(
    { status: 200, cutAfter: '{"object":"list","da' },
    {
      status: 200,
      body: { object: "list", data: [], has_more: false, first_id: null, last_id: null },
    },
  );
  expect((await unwrap(stand.client().GET("/sessions"))).data).toEqual([]);
  expect(stand.received).toHaveLength(2);
});

test("an aborted request is not sent again", async () => {
  await using stand = await server("cut");
  const leaving = new AbortController();
  const call = stand
    .client({ firstWaitMs: 60_000, maxWaitMs: 60_000, onWait: () => leaving.abort() })
    .GET("/sessions", { signal: leaving.signal });
  await expect(call).rejects.toThrow(/abort/i);
  expect(stand.received).toHaveLength(1);
});

test("a refusal without a body is a refusal", async () => {
  await using stand = await server({ status: 404 });
  const { error, response } = await stand.client().GET("/sessions");
  expect([error, response.ok]).toEqual([undefined, false]);
  await expect(unwrap(stand.client().GET("/sessions"))).rejects.toMatchObject({
    status: 404,
    code: "unknown",
  });
});

test("a refusal in OpenAI's shape has the same fields", async () => {
  await using stand = await server({
    status: 404,
    headers: { "x-request-id": "r1" },
    body: {
      error: { message: "No such model.", type: "x", param: "model", code: "model_not_found" },
    },
  });
  const call = unwrap(stand.client().GET("/v1/models"));
  await expect(call).rejects.toMatchObject({
    code: "model_not_found",
    message: "No such model.",
    param: "model",
    requestId: "r1",
  });
});

test("the account is named only where the operation takes it", async () => {
  await using stand = await server(OK);
  const client = createColloquy({ baseUrl: stand.url, account: "acme" });
  await client.GET("/sessions");
  await client.GET("/health");
  await client.GET("/admin/flags");
  expect(stand.received.map(({ url }) => url)).toEqual([
    "/sessions?account_id=acme",
    "/health",
    "/admin/flags",
  ]);
  expect(stand.received[0]?.headers.authorization).toBeUndefined();
});
