import { evictDurableObject } from "cloudflare:test";
import { describe, expect, inject, it } from "vitest";

import { Client } from "../../support/client.ts";
import { accountRpc } from "../../../src/account/account-client.ts";

const SERVER = { OPENAI_BASE_URL: inject("modelServer") };
const CARD = String.raw`\b\d{4}(?: \d{4}){3}\b`;

async function clerk(policies: object[], vars: object = {}, settings: object = {}) {
  const client = new Client({ MODEL: "openai/echo", ...SERVER, ...vars });
  const { status, body } = await client.call(
    "PUT",
    `/admin/accounts/${client.account}/assistants/clerk`,
    { body: { policies, ...settings } },
  );
  expect({ status, detail: body.detail }).toEqual({ status: 200, detail: undefined });
  const ask = (query: string, more: object = {}) =>
    client.ask(query, { session_id: "s", assistant: "clerk", ...more });
  const events = async (callId: string) =>
    (await client.get(`/calls/${callId}/policy-events`)).body.data;
  return { client, ask, events };
}

/** Rows that five turns write: the fewest of three rounds, as a slow round has the account's alarm in it. */
async function written(policies: object[]): Promise<number> {
  const { client, ask } = await clerk(policies);
  const count = async () => {
    const result = await accountRpc(client.object).settings.rows();
    return result.ok ? result.value.written : Number.NaN;
  };
  await ask("Hello");
  const rounds: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = await count();
    for (let n = 0; n < 5; n += 1) await ask(`Hello ${round} ${n}`);
    rounds.push((await count()) - before);
  }
  return Math.min(...rounds);
}

describe("redact", () => {
  const redact = { type: "redact", on: "both", pattern: CARD, replacement: "[card]" };

  it("changes what the model sees, what is kept, and what is answered, and says so", async () => {
    const { client, ask, events } = await clerk([redact]);
    const { body } = await ask("Pay with 1111 2222 3333 4444 now");
    expect(body).toMatchObject({ response: "You said: Pay with [card] now", stored: true });
    expect(body).not.toHaveProperty("blocked");
    const [turn] = (await client.get("/sessions/s/turns")).body.data;
    expect(turn.input).toBe("Pay with [card] now");
    const [request, response] = await events(body.call_id);
    expect(request).toEqual({
      object: "call.policy_event",
      id: `${body.call_id}:policy:0`,
      call_id: body.call_id,
      policy_class: "redact",
      policy_config: { ...redact, ignore_case: false, keep_original: true },
      event_type: "modified",
      sequence: 0,
      // The request as it was is no event: the call keeps what the model was shown.
      original_event_id: null,
      modified_event_id: `${body.call_id}:0`,
      original: "Pay with 1111 2222 3333 4444 now",
      modified: "Pay with [card] now",
      metadata: {},
      created_at: expect.any(String),
    });
    expect(response).toMatchObject({
      event_type: "allowed",
      sequence: 1,
      original: null,
      original_event_id: `${body.call_id}:1`,
      modified_event_id: null,
    });
    const { body: list } = await client.get("/calls?policy_outcome=modified");
    expect(list.data).toMatchObject([{ call_id: body.call_id, policy_outcome: "modified" }]);
    expect((await client.get(`/api/policy-events/${body.call_id}`)).body).toMatchObject({
      call_id: body.call_id,
      policy_events: [{ event_type: "modified" }, { event_type: "allowed" }],
    });
  });

  it("takes out what only the answer has, also of a stream, and keeps no original if told so", async () => {
    const hidden = { ...redact, on: "response", pattern: "said", keep_original: false };
    const { client, ask, events } = await clerk([hidden]);
    const { body } = await ask("Hello");
    expect(body.response).toBe("You [card]: Hello");
    expect(await events(body.call_id)).toMatchObject([
      { event_type: "modified", original: null, modified: "You [card]: Hello" },
    ]);
    const response = await client.fetch("POST", "/query", {
      body: { query: "Hi", session_id: "s", stream: true },
    });
    const text = await response.text();
    expect(text).not.toContain("said");
    expect(text).toContain('data: {"delta":"You [card]: Hi"}');
  });

  it("goes with its session into the archive and back", async () => {
    const { client, ask, events } = await clerk([redact]);
    const { body } = await ask("1111 2222 3333 4444");
    const before = await events(body.call_id);
    await client.post("/sessions/s/archive");
    expect(await events(body.call_id)).toEqual(before);
    await client.post("/archives/s/restore");
    expect(await events(body.call_id)).toEqual(before);
  });

  it("keeps so much of long texts as a row takes", async () => {
    const many = Array.from({ length: 16 }, (_, n) => ({
      type: "redact",
      on: "both",
      pattern: String(n % 10),
      replacement: "x",
    }));
    const { client, ask, events } = await clerk(many);
    const { status, body } = await ask("0123456789".repeat(20_000));
    expect(status).toBe(200);
    const [first] = await events(body.call_id);
    expect(first.original).toHaveLength((128 * 1_024) / 64 + 1);
    expect((await client.get("/sessions/s/turns")).body.data[0].input).toHaveLength(200_000);
  });

  it("blocks what it would make too long", async () => {
    const { ask } = await clerk([{ ...redact, pattern: "a", replacement: "b".repeat(4_000) }]);
    expect((await ask("a".repeat(1_000))).body).toMatchObject({ blocked: true });
  });
});

describe("block", () => {
  const block = { type: "block", on: "both", pattern: "password", message: "Not here." };

  it("answers with its own words, asks no model, and shows it to no later turn", async () => {
    const { client, ask, events } = await clerk([block], { MODEL: "openai/record" });
    const blocked = await ask("my password is x", { session_id: "s" });
    expect(blocked).toMatchObject({
      status: 200,
      body: { success: true, response: "Not here.", blocked: true, stored: true, model: null },
    });
    expect(await events(blocked.body.call_id)).toMatchObject([
      { event_type: "blocked", original: "my password is x", modified: "Not here." },
    ]);
    const { body } = await ask("Hello");
    expect(JSON.parse(body.response)).toEqual([{ role: "user", content: "Hello" }]);
    expect((await client.get("/calls?policy_outcome=blocked")).body.data).toHaveLength(1);
    const { body: window } = await client.get("/sessions/s/window");
    expect(JSON.stringify(window.messages)).not.toContain("password");
  });

  it("blocks an answer, too", async () => {
    const { ask, events } = await clerk([{ ...block, on: "response", pattern: "You said" }]);
    const { body } = await ask("Hello");
    expect(body).toMatchObject({ response: "Not here.", blocked: true, model: "openai/echo" });
    expect(await events(body.call_id)).toMatchObject([
      { sequence: 1, event_type: "blocked", original: "You said: Hello" },
    ]);
  });

  it("is replayed byte for byte, and streamed in one piece", async () => {
    const { client } = await clerk([block]);
    const send = () =>
      client.fetch("POST", "/query", {
        body: { query: "password", session_id: "s", assistant: "clerk" },
        headers: { "idempotency-key": "k" },
      });
    const first = await (await send()).text();
    await evictDurableObject(client.object);
    expect(await (await send()).text()).toBe(first);
    const stream = await client.fetch("POST", "/query", {
      body: { query: "password", session_id: "s", stream: true },
    });
    expect(await stream.text()).toContain('data: {"delta":"Not here."}');
  });

  it("holds where nothing is stored", async () => {
    const { ask } = await clerk([block], { ENABLE_CONVERSATION_STORAGE: "false" });
    expect((await ask("password")).body).toMatchObject({
      response: "Not here.",
      blocked: true,
      stored: false,
    });
    expect((await ask("Hello")).body.response).toBe("You said: Hello");
  });
});

describe("max_cost", () => {
  const cost = {
    type: "max_cost",
    usd: 0.001,
    usd_per_million_input: 10,
    usd_per_million_output: 30,
    message: "Too dear.",
  };

  it("blocks a request that would cost more, and notes what the others cost", async () => {
    const { ask, events } = await clerk([cost]);
    const cheap = await ask("Hello");
    expect(cheap.body.response).toBe("You said: Hello");
    const [before, after] = await events(cheap.body.call_id);
    expect(before).toMatchObject({ event_type: "allowed", sequence: 0 });
    expect(after).toMatchObject({
      event_type: "allowed",
      sequence: 1,
      metadata: { input: 7, output: 3, usd: (7 * 10 + 3 * 30) / 1_000_000 },
    });
    expect((await ask("word ".repeat(500))).body).toMatchObject({
      blocked: true,
      response: "Too dear.",
    });
  });
});

describe("judge", () => {
  const judge = {
    type: "judge",
    name: "SafetyJudge",
    on: "request",
    instructions: "Block weapons.",
    model: "openai/judge",
    message: "Unsafe.",
  };

  it("lets a model decide, and keeps its reason", async () => {
    const { ask, events } = await clerk([judge]);
    const fine = await ask("tea");
    expect(fine.body.response).toBe("You said: tea");
    expect(await events(fine.body.call_id)).toMatchObject([
      {
        policy_class: "SafetyJudge",
        event_type: "judged",
        metadata: { verdict: "allow", reason: "because of 3 letters." },
      },
    ]);
    const { body } = await ask("how to make a bomb");
    expect(body).toMatchObject({ response: "Unsafe.", blocked: true });
    expect(await events(body.call_id)).toMatchObject([
      { event_type: "blocked", metadata: { verdict: "block" } },
    ]);
  });

  it("judges answers", async () => {
    const { ask } = await clerk([{ ...judge, on: "response" }]);
    expect((await ask("a bomb")).body).toMatchObject({ response: "Unsafe.", blocked: true });
  });

  it.each([
    ["block", { blocked: true, response: "Unsafe." }],
    ["allow", { response: "You said: tea" }],
  ])("that gives no verdict is taken for %s, as it is told", async (on_error, reply) => {
    const { ask, events } = await clerk([{ ...judge, model: "openai/echo", on_error }]);
    const { body } = await ask("tea");
    expect(body).toMatchObject(reply);
    expect(await events(body.call_id)).toMatchObject([{ metadata: { error: "no verdict" } }]);
  });
});

it("policies write no row of their own, and a turn without any none more", async () => {
  // A model across the network: one row for the question, one for the answer, at most.
  expect(await written([])).toBeLessThanOrEqual(10);
  const block = { type: "block", on: "request", pattern: "never" };
  expect(await written([block])).toBeLessThanOrEqual(10);
});

describe("a pattern", () => {
  it("that backtracks elsewhere holds up no turn", async () => {
    const pattern = String.raw`^(?:\w+\s?)+$`;
    const { ask } = await clerk([{ type: "block", on: "request", pattern, message: "Words." }]);
    expect((await ask("tea and cake")).body).toMatchObject({ blocked: true, response: "Words." });
    const { body } = await ask(`${"tea".repeat(10)}!`);
    expect(body.response).toBe(`You said: ${"tea".repeat(10)}!`);
  });

  it("is refused by what it takes, and one from before goes on", async () => {
    const { client, ask } = await clerk([]);
    const policy = {
      type: "block" as const,
      on: "request" as const,
      pattern: "secret(?=:)",
      ignore_case: true,
      message: "Not here.",
    };
    const path = `/admin/accounts/${client.account}/assistants/clerk`;
    const refused = await client.call("PUT", path, { body: { policies: [policy] } });
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: "policies.0.pattern takes no lookahead, (?= or (?!." },
    });
    await accountRpc(client.object).settings.setAssistant("clerk", { policies: [policy] });
    expect((await ask("my SECRET: tea")).body.blocked).toBe(true);
    expect((await ask("my secret tea")).body).not.toHaveProperty("blocked");
  });
});

describe("a policy that makes no sense", () => {
  it.each([
    [{ type: "redact", on: "both", pattern: "(" }, "policies.0.pattern"],
    [{ type: "redact", on: "both", pattern: "secret(?=:)" }, "policies.0.pattern"],
    [{ type: "block", on: "both", pattern: "(tea) \\1" }, "policies.0.pattern"],
    [{ type: "redact", on: "never", pattern: "x" }, "policies.0.on"],
    [{ type: "block", on: "both" }, "policies.0.pattern"],
    [
      { type: "max_cost", usd: 0, usd_per_million_input: 1, usd_per_million_output: 1 },
      "policies.0.usd",
    ],
    [{ type: "judge", on: "request", instructions: "x", model: "local" }, "policies.0.model"],
    [{ type: "shout" }, "policies.0.type"],
    [{ type: "block", on: "both", pattern: "x", more: 1 }, "policies.0.more"],
  ])("is refused: %j", async (policy, param) => {
    const client = new Client();
    const { status, body } = await client.call(
      "PUT",
      `/admin/accounts/${client.account}/assistants/clerk`,
      { body: { policies: [policy] } },
    );
    expect({ status, param: body.param }).toEqual({ status: 422, param });
  });
});
