import { describe, expect, it } from "vitest";

import { accountRpc } from "../../../src/account/account-client.ts";
import { Client } from "../../support/client.ts";

const messages = [{ role: "user", content: "Which is odd?" }];
const response = { choices: [{ message: { role: "assistant", content: "This one." } }] };
const payload = (more: object) => ({
  id: "u1",
  messages,
  response,
  metadata: { session_id: "s" },
  ...more,
});
const call = (more: object) => ({ session_id: "s", request: { messages }, response, ...more });

const READS = [
  "/calls",
  "/sessions",
  "/storage-stats",
  "/search?q=odd",
  "/export",
  "/sessions/s/messages",
  "/admin/accounts",
];
async function readable(client: Client): Promise<boolean> {
  for (const path of READS) {
    const answer = await client.fetch("GET", path);
    await answer.arrayBuffer();
    if (answer.status >= 500) return false;
  }
  return true;
}

describe("a time out of bounds", () => {
  it.each([1_790_000_000_000, -1e12, -1, 9e15, 1e300])(
    "of LiteLLM (%d seconds) is refused by name",
    async (startTime) => {
      const client = new Client();
      const { body } = await client.post("/ingest/litellm", { body: payload({ startTime }) });
      expect(body).toMatchObject({
        created: 0,
        errors: [
          {
            line: 1,
            code: "invalid_request",
            message: expect.stringMatching(/^startTime takes seconds/),
          },
        ],
      });
      expect(await readable(client)).toBe(true);
    },
  );

  it.each([
    ["/calls", call({ created_at: "1969-12-31T23:59:59Z" }), "created_at"],
    ["/calls", call({ duration_ms: Number.MAX_SAFE_INTEGER }), "duration_ms"],
    ["/calls", call({ input_tokens: 1_000_000_001 }), "input_tokens"],
    ["/calls", call({ error: { code: "x", message: "half \ud800" } }), "error.message"],
    [
      "/calls",
      call({ policy_events: [{ policy_class: "p", event_type: "e", original: "\udc00" }] }),
      "policy_events.0.original",
    ],
  ])("of %s is a 422 that names it", async (path, body, param) => {
    const client = new Client();
    expect(await client.post(path, { body })).toMatchObject({ status: 422, body: { param } });
  });

  it("of a row of the old schema is told with its line", async () => {
    const client = new Client();
    const row = { table: "conversation_calls", call_id: "m", status: "completed" };
    const body = JSON.stringify({ ...row, created_at: "+100000-01-01T00:00:00Z" });
    const answer = await client.post("/migrations/calls", { body });
    expect(answer.body).toMatchObject({ created: 0, line_errors: [{ line: 1 }] });
  });
});

describe("what a gateway counts", () => {
  it("is brought within bounds, and its call can be archived and read", async () => {
    const client = new Client();
    const odd = payload({
      startTime: 1.7e9,
      model: "m".repeat(2_000),
      prompt_tokens: 1.5,
      completion_tokens: -5,
      status: "failure",
      error_str: `half \ud800 ${"x".repeat(20_000)}`,
      guardrail_information: [{ guardrail_name: "g", start_time: 1.7e15 }],
    });
    expect((await client.post("/ingest/litellm", { body: odd })).body).toMatchObject({
      created: 1,
    });
    expect((await client.post("/sessions/s/archive")).status).toBe(200);
    expect((await client.get("/sessions/s/messages")).status).toBe(200);
    const { body } = await client.get("/calls/u1");
    expect(body.usage).toEqual({ input_tokens: 2, output_tokens: 0 });
    const events = await client.get("/calls/u1/policy-events");
    expect(events.body.data).toMatchObject([{ created_at: "2023-11-14T22:13:20.000Z" }]);
    expect(await readable(client)).toBe(true);
  });
});

describe("what a provider counts", () => {
  it.each([
    [1.5, -5, 0.5, -7],
    [1e300, Number.NaN, Number.POSITIVE_INFINITY, -0],
  ])("as %d, %d, %d and %d is settled, archived and read", async (...counts) => {
    const client = new Client();
    const request = {
      session_id: "s",
      new_session_id: "n",
      input: "How many?",
      models: ["local"],
      on_busy: "queue" as const,
    };
    const now = Date.now();
    const begun = await accountRpc(client.object).turns.begin(null, request, now);
    if (!begun.ok || begun.value.kind !== "begun") throw new Error("it did not begin");
    const [input_tokens, output_tokens, cached_tokens, reasoning_tokens] = counts;
    const settled = await accountRpc(client.object).turns.settle(
      begun.value.turn,
      {
        status: "completed",
        output: "So \ud83d many",
        model: "openai/odd",
        duration_ms: 1.5,
        input_tokens,
        output_tokens,
        response: { cached_tokens, reasoning_tokens },
      },
      now,
    );
    if (!settled.ok) throw new Error(settled.error.message);
    const { body: before } = await client.get("/sessions/s/turns");
    expect((await client.post("/sessions/s/archive")).status).toBe(200);
    expect((await client.get("/sessions/s/turns")).body).toEqual(before);
    expect((await client.post("/archives/s/restore")).status).toBe(200);
    expect((await client.get("/sessions/s/turns")).body).toEqual(before);
    expect(before.data[0]).toMatchObject({ output: "So \ufffd many" });
  });
});

it("a row that holds a time of no calendar fails no list", async () => {
  const { runInDurableObject } = await import("cloudflare:test");
  const client = new Client();
  await client.post("/calls", { body: call({ call_id: "c1" }) });
  await runInDurableObject(client.object, (_, { storage }) => {
    storage.sql.exec("update turns set created_at = 9e18");
    storage.sql.exec("update sessions set created_at = -1e15, accessed_at = 9e18");
  });
  expect(await readable(client)).toBe(true);
});
