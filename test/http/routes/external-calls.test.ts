import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import { Client, DAY, freshAccount } from "../../support/client.ts";
import { expectWordsOfTurns } from "../../support/search-index.ts";

const NOW = Date.UTC(2026, 6, 1, 12);
const REQUEST = { model: "gpt-5", messages: [{ role: "user", content: "Say tea" }] };
const RESPONSE = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-5-2026",
  choices: [{ index: 0, message: { role: "assistant", content: "Tea." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
};
const chunk = (delta: object, more: object = {}) => ({
  id: "chatcmpl-2",
  object: "chat.completion.chunk",
  created: 2,
  model: "gpt-5",
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});

const called = (index: number, more: object) => ({ tool_calls: [{ index, ...more }] });
const journalLines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      call_id: `j${from + n}`,
      request: { model: "m", messages: [{ role: "user", content: `Call ${from + n}` }] },
      response: { choices: [{ message: { content: "Yes." } }] },
    }),
  ).join("\n");
const fill = async (client: Client, count: number) => {
  for (let from = 0; from < count; from += 1_000)
    await client.post("/calls/batch", {
      body: journalLines(Math.min(1_000, count - from), from),
      at: NOW,
    });
};

const keyed = (client: Client, path: string, key: string, body: unknown) =>
  client.post(path, { body, headers: { "idempotency-key": key }, at: NOW });
const requestLine = (content: string, more: object = {}) =>
  JSON.stringify({ request: { messages: [{ role: "user", content }] }, ...more });

const write = (client: Client, body: object, at = NOW) => client.post("/calls", { body, at });
const eventsOf = async (client: Client, id: string) =>
  (await client.get(`/calls/${id}/events`)).body.data;

/** Does work while the account's archives are counted or away. @returns how often they were read */
async function whileR2(
  client: Client,
  how: "counted" | "away",
  work: () => Promise<void>,
): Promise<number> {
  const bucket = Object.getPrototypeOf(env.ARCHIVE) as R2Bucket;
  // It is called with the bucket that it belongs to.
  // oxlint-disable-next-line typescript/unbound-method
  const real = bucket.get as (this: R2Bucket, key: string, ...more: never[]) => Promise<never>;
  let reads = 0;
  const get = vi.spyOn(bucket, "get").mockImplementation(function reading(
    this: R2Bucket,
    key: string,
    ...more: unknown[]
  ) {
    if (!key.includes(`/${client.account}/`)) return real.call(this, key, ...(more as never[]));
    reads += 1;
    if (how === "away") return Promise.reject(new Error("R2 is away"));
    return real.call(this, key, ...(more as never[]));
  });
  try {
    await work();
  } finally {
    get.mockRestore();
  }
  return reads;
}

describe("a call from outside", () => {
  it("is started, told of, and completed, each once", async () => {
    const client = new Client();
    const start = { call_id: "gw-1", provider: "openai", request: REQUEST };
    const started = await write(client, start);
    expect(started).toMatchObject({
      status: 201,
      body: {
        object: "call",
        call_id: "gw-1",
        session_id: null,
        status: "in_progress",
        provider: "openai",
        model: "gpt-5",
        external: true,
        created_at: new Date(NOW).toISOString(),
      },
    });
    expect((await write(client, start)).status).toBe(200);
    const response = { event_type: "response", payload: RESPONSE };
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await client.post("/calls/gw-1/events", { body: response });
      expect({ status, usage: body.usage }).toEqual({
        status: 201,
        usage: { input_tokens: 5, output_tokens: 2 },
      });
    }
    await evictDurableObject(client.object);
    for (let time = 0; time < 2; time += 1) {
      const { body } = await client.post("/calls/gw-1/complete", { at: NOW + 1_500 * (time + 1) });
      expect(body).toMatchObject({ status: "completed", duration_ms: 1_500 });
    }
    expect(await eventsOf(client, "gw-1")).toMatchObject([
      { event_type: "request", sequence: 0, payload: REQUEST },
      { event_type: "response", sequence: 1, payload: RESPONSE },
    ]);
    expect((await client.get("/calls")).body.data).toHaveLength(1);
    const late = await client.post("/calls/gw-1/events", { body: response });
    expect(late).toMatchObject({ status: 409, body: { code: "call_completed" } });
  });

  it("is put together from its chunks, in their order, each once", async () => {
    const client = new Client();
    await write(client, { call_id: "s", request: { ...REQUEST, stream: true } });
    const chunks = [
      chunk({ role: "assistant", content: "" }),
      chunk({ content: "Te" }),
      chunk({ content: "a." }),
      chunk(
        called(0, { id: "t1", type: "function", function: { name: "brew", arguments: '{"a"' } }),
      ),
      chunk(called(0, { function: { arguments: ":1}" } })),
      chunk({}, { finish_reason: "tool_calls" }),
      { ...chunk({}), choices: [], usage: RESPONSE.usage },
    ];
    const events = chunks.map((payload, sequence) => ({ event_type: "chunk", sequence, payload }));
    await client.post("/calls/s/events", { body: { events: events.slice(3).toReversed() } });
    await client.post("/calls/s/events", { body: { events: events.slice(0, 5) } });
    const { body } = await client.post("/calls/s/complete", { body: { duration_ms: 9 } });
    expect(body).toMatchObject({ status: "completed", duration_ms: 9, usage: { input_tokens: 5 } });
    expect(body).not.toHaveProperty("missing_chunks");
    const [, { payload }] = await eventsOf(client, "s");
    expect(payload).toEqual({
      id: "chatcmpl-2",
      object: "chat.completion",
      created: 2,
      model: "gpt-5",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "Tea.",
            refusal: null,
            tool_calls: [
              { id: "t1", type: "function", function: { name: "brew", arguments: '{"a":1}' } },
            ],
          },
          finish_reason: "tool_calls",
          logprobs: null,
        },
      ],
      usage: RESPONSE.usage,
    });
  });

  it.each(["\ud83d", "m".repeat(5_000), "a/b/c"])(
    "keeps a model of any name: %#",
    async (model) => {
      const client = new Client();
      for (const call_id of ["one", "two"])
        expect(
          (
            await client.post("/calls/batch", {
              body: JSON.stringify({ call_id, request: { model } }),
            })
          ).body,
        ).toMatchObject({ created: 1 });
      await client.post("/calls/one/events", {
        body: { event_type: "response", payload: { model, choices: [] } },
      });
      expect((await client.get("/calls")).body.data).toHaveLength(2);
    },
  );

  it("names the chunks that never came", async () => {
    const client = new Client();
    await write(client, { call_id: "s" });
    for (const sequence of [0, 3])
      await client.post("/calls/s/events", {
        body: { event_type: "chunk", sequence, payload: chunk({ content: String(sequence) }) },
      });
    expect((await client.post("/calls/s/complete")).body.missing_chunks).toEqual([1, 2]);
  });

  it("that is never completed is abandoned after a day", async () => {
    const client = new Client();
    await write(client, { call_id: "x", request: REQUEST });
    const status = async (at: number) => (await client.get("/calls/x", { at })).body.status;
    expect(await status(NOW + DAY - 1)).toBe("in_progress");
    expect(await status(NOW + DAY)).toBe("abandoned");
  });

  it("is read with the metadata and the error that it was written with", async () => {
    const client = new Client();
    const metadata = { team: "search", trace: { id: 7 } };
    const error = { code: "rate_limit", message: "Too many requests" };
    const written = await write(client, { call_id: "m", request: REQUEST, metadata, error });
    expect(written.body).toMatchObject({ status: "failed", metadata, error });
    expect((await client.get("/calls/m")).body).toMatchObject({ metadata, error });
    expect((await client.get("/api/conversation/m/v2")).body).toMatchObject({ metadata, error });
    await write(client, { call_id: "n", request: REQUEST });
    expect((await client.get("/calls/n")).body).not.toHaveProperty("metadata");
    // Lists stay small.
    expect((await client.get("/calls")).body.data[1]).not.toHaveProperty("metadata");
  });

  it.each([
    [{ provider: "openai", model: "gpt-5" }, "openai", "gpt-5"],
    [{ model: "gpt-5" }, null, "gpt-5"],
    [{ model: "local" }, null, "local"],
    [{ model: "meta-llama/Llama-3.3-70B" }, null, "meta-llama/Llama-3.3-70B"],
    [{ provider: "groq", model: "meta-llama/Llama-3.3" }, "groq", "meta-llama/Llama-3.3"],
    [{}, null, "gpt-5"],
  ])("has the provider that was named, and no other: %j", async (named, provider, model) => {
    const client = new Client();
    const request = { ...REQUEST, model: "gpt-5" };
    await write(client, { call_id: "p", request, ...named });
    expect((await client.get("/calls/p")).body).toMatchObject({ provider, model });
    const found = async (query: string) => (await client.get(`/calls?${query}`)).body.data.length;
    expect(await found(`model=${encodeURIComponent(model)}`)).toBe(1);
    expect(await found(`provider=${model.split("/")[0]}`)).toBe(0);
    expect(await found(`provider=${provider ?? "none"}`)).toBe(provider === null ? 0 : 1);
  });

  it("takes policy events with JSON before and after, and names the call's events", async () => {
    const client = new Client();
    await write(client, { call_id: "j", request: REQUEST, response: RESPONSE });
    const original = { role: "user", content: "4711" };
    const { status } = await client.post("/calls/j/policy-events", {
      body: { policy_class: "P", event_type: "modified", original, modified: ["a", 1] },
    });
    expect(status).toBe(201);
    expect((await client.get("/calls/j/policy-events")).body.data).toMatchObject([
      {
        original: JSON.stringify(original),
        modified: '["a",1]',
        original_event_id: "j:0",
        modified_event_id: null,
      },
    ]);
  });

  it("takes policy events, each once by its id, and so does a turn of our own", async () => {
    const client = new Client();
    await write(client, { call_id: "p", request: REQUEST, response: RESPONSE });
    const event = {
      id: "e1",
      policy_class: "SafetyJudge",
      policy_config: { threshold: 0.5 },
      event_type: "blocked",
      original_event_id: "orig",
      modified_event_id: "mod",
      metadata: { score: 0.9 },
    };
    const { body: turn } = await client.ask("Hi", { session_id: "own" }, { at: NOW });
    for (const id of ["p", turn.call_id]) {
      for (let time = 0; time < 2; time += 1) {
        const { status, body } = await client.post(`/calls/${id}/policy-events`, { body: event });
        expect({ status, outcome: body.policy_outcome }).toEqual({
          status: 201,
          outcome: "blocked",
        });
      }
      const { body } = await client.get(`/calls/${id}/policy-events`);
      expect(body.data).toMatchObject([
        {
          id: "e1",
          policy_class: "SafetyJudge",
          policy_config: { threshold: 0.5 },
          event_type: "blocked",
          original_event_id: "orig",
          modified_event_id: "mod",
          metadata: { score: 0.9 },
        },
      ]);
    }
    const refused = await client.post(`/calls/${turn.call_id}/events`, {
      body: { event_type: "response", payload: RESPONSE },
    });
    expect(refused).toMatchObject({ status: 422, body: { code: "invalid_request" } });
  });

  it.each([
    [{ call_id: "call_mh35" }, "call_id"],
    [{ call_id: "x".repeat(1_025) }, "call_id"],
    [{ call_id: "half \ud83d" }, "call_id"],
    [{ request: "text" }, "request"],
    [{ status: "done" }, "status"],
    [{ duration_ms: -1 }, "duration_ms"],
    [{ policy_events: [{ policy_class: "x" }] }, "policy_events.0.event_type"],
    [{ sesion_id: "x" }, "sesion_id"],
  ])("is refused: %j", async (body, param) => {
    const { status, body: refusal } = await write(new Client(), body);
    expect({ status, param: refusal.param }).toEqual({ status: 422, param });
  });
});

describe("a call with a session", () => {
  const call = { session_id: "s", request: REQUEST, response: RESPONSE };

  it("is a turn of it: seen by readers and models, archived and erased with it", async () => {
    const client = new Client();
    const { body } = await write(client, { ...call, call_id: "g1", user_id: "ann" });
    expect(body).toMatchObject({ session_id: "s", status: "completed" });
    await client.ask("And then?", { session_id: "s" }, { at: NOW });
    await write(client, { ...call, call_id: "g2" });
    const texts = async () =>
      (await client.get("/sessions/s/messages?order=asc")).body.data.map(
        ({ content }: { content: string }) => content,
      );
    const [said, answered, asked] = await texts();
    expect([said, answered, asked]).toEqual(["Say tea", "Tea.", "And then?"]);
    expect((await client.get("/sessions/s")).body).toMatchObject({ user_id: "ann", turns: 3 });
    expect((await client.get("/sessions/s/window")).body.messages[0].content).toBe("Say tea");
    expect((await client.get("/search?q=tea")).body.data.length).toBeGreaterThan(1);
    await client.post("/sessions/s/archive");
    expect(await eventsOf(client, "g1")).toMatchObject([
      { payload: REQUEST },
      { payload: RESPONSE },
    ]);
    expect(await client.post("/calls/g1/complete")).toMatchObject({
      status: 409,
      body: { code: "call_archived" },
    });
    await write(client, { ...call, call_id: "g3" });
    expect((await client.get("/sessions/s")).body).toMatchObject({ status: "live", turns: 4 });
    await client.call("DELETE", "/sessions/s");
    for (const id of ["g1", "g2", "g3"])
      expect((await client.get(`/calls/${id}`)).status).toBe(404);
    expect(await write(client, { ...call, call_id: "g4" })).toMatchObject({
      status: 410,
      body: { code: "session_erased" },
    });
  });

  it("is in a backup while it is open, in a session and in the journal, and comes back", async () => {
    const client = new Client();
    await write(client, { session_id: "s", call_id: "open", request: REQUEST });
    await write(client, { user_id: "ann", call_id: "journal", request: REQUEST });
    const { body: backup } = await client.post("/backups");
    expect(backup).toMatchObject({ sessions: 2, turns: 2, skipped: [] });
    const body = { on_conflict: "replace" };
    await client.post(`/backups/${backup.backup_id}/restore`, { body });
    for (const id of ["open", "journal"]) {
      expect(await eventsOf(client, id)).toMatchObject([{ payload: REQUEST }]);
      expect((await client.post(`/calls/${id}/complete`)).body.status).toBe("completed");
    }
  });

  it("leaves an archived session where it is when it is written again", async () => {
    const client = new Client();
    const payload = {
      id: "l1",
      trace_id: "s",
      messages: REQUEST.messages,
      response: RESPONSE,
      model: "gpt-5",
    };
    const ingest = (...body: object[]) => client.post("/ingest/litellm", { body });
    await ingest(payload);
    await write(client, { ...call, call_id: "g1" });
    await client.post("/sessions/s/archive");
    expect((await write(client, { ...call, call_id: "g1" })).status).toBe(200);
    expect((await ingest(payload)).body).toMatchObject({ known: 1, errors: [] });
    expect((await ingest({ ...payload, response: { choices: [] } })).body).toMatchObject({
      known: 0,
      errors: [{ line: 1, code: "call_completed" }],
    });
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
  });

  it("refuses the calls of a session that cannot come back, and no others of the batch", async () => {
    const client = new Client();
    await write(client, { ...call, call_id: "g1" });
    await client.post("/sessions/s/archive");
    await write(client, { ...call, session_id: "other" });
    const quotas = { sessions: 1 };
    await client.call("PATCH", `/admin/accounts/${client.account}`, { body: { quotas } });
    const lines = [
      { call_id: "g1", session_id: "s" },
      { call_id: "g2", session_id: "s" },
      { call_id: "g3", session_id: "other" },
      { call_id: "g4" },
    ];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    expect(await client.post("/calls/batch", { body })).toMatchObject({
      status: 200,
      body: { known: 1, created: 2, errors: [{ line: 2, code: "quota_sessions" }] },
    });
  });

  const payloadOf = (id: string, session_id: string) => ({
    id,
    session_id,
    messages: REQUEST.messages,
    response: RESPONSE,
    model: "gpt-5",
  });

  it("is compared with archives that are read once, in whatever order the calls come", async () => {
    const client = new Client();
    const body = Array.from({ length: 20 }, (_, n) => payloadOf(`l${n}`, `s${n % 2}`));
    await client.post("/ingest/litellm", { body });
    for (const session of ["s0", "s1"]) await client.post(`/sessions/${session}/archive`);
    const reads = await whileR2(client, "counted", async () => {
      expect((await client.post("/ingest/litellm", { body })).body).toMatchObject({ known: 20 });
    });
    expect(reads).toBe(2);
  });

  it("is written while R2 is away, and known when its batch is sent again", async () => {
    const client = new Client();
    await client.post("/ingest/litellm", { body: [payloadOf("l1", "s"), payloadOf("l2", "t")] });
    for (const session of ["s", "t"]) await client.post(`/sessions/${session}/archive`);
    const body = [payloadOf("l1", "s"), payloadOf("l3", "t"), payloadOf("l4", "live")];
    const lines = [{ call_id: "g1", session_id: "s" }, { call_id: "g2" }];
    const batch = lines.map((line) => JSON.stringify(line)).join("\n");
    await whileR2(client, "away", async () => {
      const away = { status: 503, body: { code: "archive_unavailable" } };
      expect(await client.post("/ingest/litellm", { body })).toMatchObject(away);
      expect(await client.post("/calls/batch", { body: batch })).toMatchObject(away);
      expect((await client.get("/calls/l4")).status).toBe(200);
      expect((await client.get("/calls/g2")).status).toBe(200);
    });
    expect(await client.post("/ingest/litellm", { body })).toMatchObject({
      status: 200,
      body: { created: 1, known: 2, errors: [] },
    });
    expect(await client.post("/calls/batch", { body: batch })).toMatchObject({
      status: 200,
      body: { created: 1, known: 1, errors: [] },
    });
  });

  it("is written once where R2 is away and it has no id: only the other lines are to be sent again", async () => {
    const client = new Client();
    await client.post("/calls", { body: { call_id: "g0", session_id: "s" } });
    await client.post("/sessions/s/archive");
    const lines = [{ call_id: "g1", session_id: "s" }, { session_id: "live" }];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    await whileR2(client, "away", async () => {
      expect(await client.post("/calls/batch", { body })).toMatchObject({
        status: 200,
        body: { created: 1, errors: [{ line: 1, code: "archive_unavailable" }] },
      });
    });
    expect(await client.post("/calls/batch", { body: JSON.stringify(lines[0]) })).toMatchObject({
      status: 200,
      body: { created: 1, errors: [] },
    });
    expect((await client.get("/calls?session_id=live")).body.data).toHaveLength(1);
  });

  it("is refused where it is known, and cannot be compared with a damaged archive", async () => {
    const client = new Client();
    await client.post("/ingest/litellm", { body: payloadOf("l1", "s") });
    await client.post("/sessions/s/archive");
    const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    for (const { key } of objects) await env.ARCHIVE.put(key, "damaged");
    const body = [payloadOf("l1", "s"), payloadOf("l2", "live")];
    expect(await client.post("/ingest/litellm", { body })).toMatchObject({
      status: 422,
      body: { created: 1, known: 0, errors: [{ line: 1, code: "archive_corrupt" }] },
    });
  });

  it("holds no turn up while it is open, and takes no turn's place", async () => {
    const client = new Client();
    const now = Date.now();
    await write(client, { session_id: "s", call_id: "open", request: REQUEST }, now);
    const [asked, other] = await Promise.all([
      client.ask("1 + 1", { session_id: "s", on_busy: "reject" }),
      write(client, { ...call, call_id: "meanwhile" }, now),
    ]);
    expect([asked.status, other.status]).toEqual([200, 201]);
    const { body } = await client.post("/calls/open/complete", { at: now + 5 });
    expect(body).toMatchObject({ status: "completed", duration_ms: 5 });
    const { body: turns } = await client.get("/sessions/s/turns?order=asc");
    expect(turns.data.map(({ status }: { status: string }) => status)).toEqual([
      "completed",
      "completed",
      "completed",
    ]);
  });
});

describe("a call that is large", () => {
  it("is refused by its size, and nothing of it is kept", async () => {
    const client = new Client();
    // Quotes take four bytes by the time that they are in a row.
    const big = '"'.repeat(700_000);
    const refused = await write(client, { call_id: "big", request: { prompt: big } });
    expect(refused).toMatchObject({ status: 413, body: { code: "call_too_large" } });
    expect((await client.get("/calls/big")).status).toBe(404);
    await write(client, { call_id: "grows" });
    const event = { event_type: "response", payload: { choices: [{ text: big }] } };
    const grown = await client.post("/calls/grows/events", { body: event });
    expect(grown).toMatchObject({ status: 413, body: { code: "call_too_large" } });
    expect((await client.get("/calls/grows", { at: NOW })).body.status).toBe("in_progress");
    const far = { event_type: "chunk", sequence: 1e12, payload: chunk({}) };
    expect((await client.post("/calls/grows/events", { body: far })).status).toBe(422);
  });
});

it("what a call says later is found, and forgotten with it", async () => {
  const client = new Client();
  await write(client, { call_id: "open", session_id: "s", request: REQUEST });
  await client.ask("Mine", { session_id: "s" }, { at: NOW });
  const found = async (word: string) =>
    (await client.get(`/search?q=${word}`)).body.data.map(
      (hit: { session_id: string }) => hit.session_id,
    );
  expect(await found("tea")).toEqual(["s"]);
  const answer = { choices: [{ message: { content: "Walnuts." } }] };
  await client.post("/calls/open/events", {
    body: { event_type: "response", payload: answer },
  });
  await client.post("/calls/open/complete");
  expect(await found("walnuts")).toEqual(["s"]);
  await client.call("DELETE", "/sessions/s");
  expect(await found("walnuts")).toEqual([]);
  await runInDurableObject(client.object, (_, { storage }) => {
    expectWordsOfTurns(storage);
    expect(
      storage.sql
        .exec("select count(*) as n from turn_search where turn_search match 'walnuts'")
        .one(),
    ).toEqual({ n: 0 });
  });
});

describe("POST /calls/batch", () => {
  it("takes each line by itself, and twice is once", async () => {
    const client = new Client();
    const lines = [
      JSON.stringify({ call_id: "a", request: REQUEST, response: RESPONSE }),
      "not JSON",
      JSON.stringify({ call_id: "b", status: "odd" }),
      "",
      JSON.stringify({ call_id: "c", request: REQUEST, error: { code: "500", message: "no" } }),
    ].join("\n");
    const { body } = await client.post("/calls/batch", { body: lines });
    expect(body).toEqual({
      object: "call.batch",
      lines: 4,
      created: 2,
      known: 0,
      errors: [
        { line: 2, code: "invalid_json", message: expect.any(String) },
        { line: 3, code: "invalid_request", message: expect.stringContaining("status takes") },
      ],
    });
    expect((await client.post("/calls/batch", { body: lines })).body).toMatchObject({
      created: 0,
      known: 2,
    });
    expect((await client.get("/calls/c")).body).toMatchObject({
      status: "failed",
      error: { code: "500", message: "no" },
    });
  });
});

describe("POST /ingest/litellm", () => {
  /** As LiteLLM's documentation shows one, less what is null. */
  const payload = {
    id: "chatcmpl-litellm-1",
    trace_id: "t-1",
    call_type: "acompletion",
    stream: true,
    response_cost: 0.00012,
    status: "success",
    total_tokens: 30,
    prompt_tokens: 10,
    completion_tokens: 20,
    startTime: 1_782_907_200.25,
    endTime: 1_782_907_201.5,
    model: "gpt-4o",
    custom_llm_provider: "openai",
    metadata: { user_api_key_alias: "team-a", requester_metadata: { session_id: "chat-7" } },
    cache_hit: false,
    request_tags: ["prod"],
    messages: [{ role: "user", content: "Say tea" }],
    response: RESPONSE,
    model_parameters: { temperature: 0.2 },
    guardrail_information: [
      {
        guardrail_name: "presidio",
        guardrail_mode: "pre_call",
        guardrail_status: "success",
        guardrail_response: "ok",
      },
    ],
  };

  it("takes lists, single payloads and lines", async () => {
    const client = new Client();
    const post = (body: unknown) => client.post("/ingest/litellm", { body });
    expect((await post([payload])).body).toMatchObject({ lines: 1, created: 1, errors: [] });
    expect((await post(payload)).body).toMatchObject({ created: 0, known: 1 });
    const failed = {
      ...payload,
      id: "f",
      status: "failure",
      response: {},
      metadata: {},
      error_str: "boom",
      error_information: { error_code: "429", error_message: "slow down" },
      guardrail_information: null,
    };
    // LiteLLM reads the status alone.
    expect(await post(`${JSON.stringify(failed)}\n{"id":""}`)).toMatchObject({
      status: 422,
      body: {
        success: false,
        lines: 2,
        created: 1,
        errors: [{ line: 2, code: "invalid_request" }],
      },
    });
    expect((await client.get("/calls/chatcmpl-litellm-1")).body).toMatchObject({
      session_id: "chat-7",
      status: "completed",
      provider: "openai",
      model: "gpt-4o",
      duration_ms: 1_250,
      usage: { input_tokens: 10, output_tokens: 20 },
      policy_outcome: "allowed",
      created_at: "2026-07-01T12:00:00.250Z",
    });
    const [request] = await eventsOf(client, "chatcmpl-litellm-1");
    expect(request.payload).toEqual({
      temperature: 0.2,
      model: "gpt-4o",
      messages: payload.messages,
    });
    expect((await client.get("/calls/f")).body).toMatchObject({
      session_id: "t-1",
      status: "failed",
      error: { code: "429", message: "boom" },
    });
    expect((await client.get("/calls?status=failed")).body.data).toHaveLength(1);
  });

  it.each([
    "projects/p-1/locations/us-central1/operations/123",
    `arn:aws:bedrock:eu-west-1:123456789012:async-invoke/${"x".repeat(200)}`,
    "an id – with spaces & ünïcödé?#",
    42,
  ])("takes the ids of any provider: %s", async (id) => {
    const client = new Client();
    const { status, body } = await client.post("/ingest/litellm", { body: { ...payload, id } });
    expect({ status, created: body.created }).toEqual({ status: 200, created: 1 });
    const path = `/calls/${encodeURIComponent(id)}`;
    expect((await client.get(path)).body.call_id).toBe(String(id));
    expect((await client.get(`${path}/events`)).body.data).toHaveLength(2);
    const { body: all } = await client.get("/calls");
    expect((await client.get(`/calls?after=${encodeURIComponent(id)}`)).status).toBe(200);
    expect(all.data[0].call_id).toBe(String(id));
  });

  it("finds the session in the metadata, then in the payload, then in the trace", async () => {
    const client = new Client();
    const named = async (id: string, more: object) => {
      await client.post("/ingest/litellm", { body: { ...payload, id, ...more } });
      return (await client.get(`/calls/${id}`)).body.session_id;
    };
    expect(await named("a", { session_id: "top" })).toBe("chat-7");
    expect(await named("b", { session_id: "top", metadata: null })).toBe("top");
    expect(await named("c", { metadata: {} })).toBe("t-1");
    expect(await named("d", { metadata: {}, trace_id: null })).toBeNull();
  });

  it("takes no payload for one that is there, but the same one", async () => {
    const client = new Client();
    const post = (body: unknown) => client.post("/ingest/litellm", { body });
    await post(payload);
    expect((await post(payload)).status).toBe(200);
    const other = { ...payload, messages: [{ role: "user", content: "Say coffee" }] };
    for (const body of [other, [payload, other]])
      expect(await post(body)).toMatchObject({
        status: 422,
        body: { code: "call_completed", errors: [{ code: "call_completed" }] },
      });
    // Of Colloquy's own form: it would be found as a turn.
    expect(await post({ ...payload, id: "call_mh35" })).toMatchObject({ status: 422 });
    // Halves of a surrogate pair are stored alike.
    expect(await post({ ...payload, id: "a \ud83d" })).toMatchObject({ status: 422 });
  });
});

describe("the journal", () => {
  it("is bounded by the sweep, which archives its oldest calls first", async () => {
    const client = new Client();
    await client.call("PUT", "/retention", { body: { journal_rows: 1_000 } });
    await client.ask("Mine", { session_id: "own" }, { at: NOW });
    await fill(client, 1_234);
    const before = (await client.get("/storage-stats", { at: NOW })).body;
    expect(before).toMatchObject({ total_conversations: 1, total_turns: 1_235 });
    const due = await client.post("/purge?dry_run=true", { at: NOW });
    expect(due.body).toMatchObject({ would_delete: 8, reasons: { journal: 8 } });
    expect(due.body.reason).toContain("journal");
    const purged = await client.post("/purge", { at: NOW });
    expect(purged.body).toMatchObject({ deleted: 8, errors: 0, remaining: 0 });
    const live = await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("select count(*) as n, min(id) as id from turns").one(),
    );
    // Blocks of a hundred calls: as many as 1,000 events take, and the session's turn.
    expect(live["n"]).toBe(1_234 - 800 + 1);
    expect((await client.get("/storage-stats", { at: NOW })).body).toMatchObject({
      total_conversations: 1,
      archived_conversations: 0,
      total_turns: 435,
    });
    expect(await eventsOf(client, "j0")).toMatchObject([
      { payload: { messages: [{ content: "Call 0" }] } },
      { payload: { choices: [{ message: { content: "Yes." } }] } },
    ]);
    expect((await client.get("/calls/j1233")).body.status).toBe("completed");
    expect((await write(client, { call_id: "j0" })).status).toBe(200);
    expect((await client.get("/sessions")).body.data).toHaveLength(1);
    expect((await client.get("/archives")).body.data).toEqual([]);
    expect((await client.get("/calls?limit=100&status=completed")).body.has_more).toBe(true);
    const { body } = await client.post("/purge", { at: NOW + 60 * DAY });
    // Age is no matter to it.
    expect(body).toMatchObject({ deleted: 1, remaining: 0 });
  });

  it("comes back by a backup, and from R2 alone, with the callers' ids", async () => {
    const client = new Client();
    await client.call("PUT", "/retention", { body: { journal_rows: 100 } });
    await fill(client, 250);
    const { body: backup } = await client.post("/backups", { at: NOW });
    await client.post("/purge", { at: NOW });
    await runInDurableObject(client.object, async (_, { storage }) => {
      await storage.deleteAlarm();
      await storage.deleteAll();
    });
    await evictDurableObject(client.object);
    expect((await client.get("/calls/j5")).status).toBe(404);
    await client.post(`/admin/accounts/${client.account}/reindex`);
    expect((await client.get("/calls/j5")).status).toBe(200);
    expect((await client.get("/calls/j249")).status).toBe(404);
    await client.post(`/backups/${backup.backup_id}/restore`, { at: NOW });
    expect(await eventsOf(client, "j249")).toMatchObject([
      { payload: { messages: [{ content: "Call 249" }] } },
      {},
    ]);
    expect((await client.get("/storage-stats", { at: NOW })).body.total_conversations).toBe(0);
  });

  it("is each account's own", async () => {
    const client = new Client();
    await fill(client, 2);
    const other = new Client({}, freshAccount());
    expect((await other.get("/calls/j0")).status).toBe(404);
    expect((await other.get("/calls")).body.data).toEqual([]);
  });
});

describe("an Idempotency-Key", () => {
  const MISMATCH = { status: 422, body: { code: "idempotency_mismatch" } };

  it("writes a call without an id once, also after the object is lost", async () => {
    const client = new Client();
    const body = { request: REQUEST, response: RESPONSE, session_id: "s" };
    const first = await keyed(client, "/calls", "a", body);
    expect(first.status).toBe(201);
    await evictDurableObject(client.object);
    const again = await keyed(client, "/calls", "a", { ...body, request: { ...REQUEST } });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await keyed(client, "/calls", "a", { ...body, user_id: "u" })).toMatchObject(MISMATCH);
    expect(await client.ask("Hi", {}, { headers: { "idempotency-key": "a" } })).toMatchObject(
      MISMATCH,
    );
    expect((await keyed(client, "/calls", "b", body)).body.call_id).not.toBe(first.body.call_id);
    expect((await client.get("/calls")).body.data).toHaveLength(2);
  });

  it("costs no row where ids say what is once", async () => {
    const client = new Client();
    await keyed(client, "/calls", "a", { call_id: "c", request: REQUEST });
    const delta = { event_type: "chunk", sequence: 0, payload: chunk({ content: "Te" }) };
    await keyed(client, "/calls/c/events", "b", delta);
    const event = { id: "e", policy_class: "p", event_type: "allowed" };
    await keyed(client, "/calls/c/policy-events", "c", event);
    await keyed(client, "/calls/batch", "d", journalLines(2));
    const keys = await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("select count(*) as n from idempotency").one(),
    );
    expect(keys).toEqual({ n: 0 });
  });

  it("leaves a known call in its archive, and an erased one erased", async () => {
    const client = new Client();
    const body = { request: REQUEST, response: RESPONSE, session_id: "s" };
    const { call_id } = (await keyed(client, "/calls", "a", body)).body;
    await client.post("/sessions/s/archive", { at: NOW });
    expect((await keyed(client, "/calls", "a", body)).body.call_id).toBe(call_id);
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
    await client.call("DELETE", `/calls/${call_id}`);
    const hashes = await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("select hash from idempotency").toArray(),
    );
    expect(hashes).toEqual([{ hash: "" }]);
    expect(await keyed(client, "/calls", "a", body)).toMatchObject({
      status: 410,
      body: { code: "call_erased" },
    });
  });

  it("writes each line of a batch once, and refuses a line that has become another", async () => {
    const client = new Client();
    const lines = [
      requestLine("One"),
      requestLine("Two"),
      requestLine("Named", { call_id: "n" }),
      "{",
    ];
    const first = await keyed(client, "/calls/batch", "a", lines.join("\n"));
    expect(first.body).toMatchObject({ created: 3, known: 0, errors: [{ line: 4 }] });
    await evictDurableObject(client.object);
    const repaired = [...lines.slice(0, 3), requestLine("Four")].join("\n");
    expect((await keyed(client, "/calls/batch", "a", repaired)).body).toMatchObject({
      created: 1,
      known: 3,
      errors: [],
    });
    const other = [requestLine("Two"), requestLine("Two")].join("\n");
    expect((await keyed(client, "/calls/batch", "a", other)).body).toMatchObject({
      created: 0,
      known: 1,
      errors: [{ line: 1, code: "idempotency_mismatch" }],
    });
    expect((await client.get("/calls")).body.data).toHaveLength(4);
  });

  it("takes a batch again whose archive was away, in which no call has an id", async () => {
    const client = new Client();
    await write(client, { session_id: "s", request: REQUEST, response: RESPONSE });
    await client.post("/sessions/s/archive", { at: NOW });
    const lines = [{ request: REQUEST }, { session_id: "s", request: REQUEST }]
      .map((each) => JSON.stringify(each))
      .join("\n");
    await whileR2(client, "away", async () => {
      const refused = await keyed(client, "/calls/batch", "a", lines);
      expect(refused).toMatchObject({ status: 503, body: { code: "archive_unavailable" } });
    });
    expect((await keyed(client, "/calls/batch", "a", lines)).body).toMatchObject({
      created: 1,
      known: 1,
      errors: [],
    });
  });

  it("adds events without a number or an id once", async () => {
    const client = new Client();
    await write(client, { call_id: "c", request: REQUEST });
    const delta = { event_type: "chunk", payload: chunk({ content: "Te" }) };
    await keyed(client, "/calls/c/events", "1", delta);
    await evictDurableObject(client.object);
    await keyed(client, "/calls/c/events", "1", delta);
    await keyed(client, "/calls/c/events", "2", delta);
    await client.post("/calls/c/complete", { at: NOW });
    const [, { payload }] = await eventsOf(client, "c");
    expect(payload.choices[0].message.content).toBe("TeTe");
    // Without a key it is refused: the call is completed.
    expect((await client.post("/calls/c/events", { body: delta })).status).toBe(409);
    const late = await keyed(client, "/calls/c/events", "1", delta);
    expect(late).toMatchObject({ status: 201, body: { call_id: "c", status: "completed" } });

    const event = { policy_class: "p", event_type: "allowed" };
    for (let time = 0; time < 2; time += 1)
      await keyed(client, "/calls/c/policy-events", "3", event);
    expect((await client.get("/calls/c/policy-events")).body.data).toHaveLength(1);
    await client.post("/calls/c/policy-events", { body: event });
    expect((await client.get("/calls/c/policy-events")).body.data).toHaveLength(2);
    expect(await keyed(client, "/calls/c/policy-events", "1", event)).toMatchObject(MISMATCH);
  });

  it("is told that the call is erased that it added to", async () => {
    const client = new Client();
    await write(client, { call_id: "c", request: REQUEST });
    const delta = { event_type: "chunk", payload: chunk({ content: "Te" }) };
    const event = { policy_class: "p", event_type: "allowed" };
    const add = async (key: string) => {
      const events = await keyed(client, "/calls/c/events", `${key}1`, delta);
      const policies = await keyed(client, "/calls/c/policy-events", `${key}2`, event);
      return [events, policies].map(({ status, body }) => [status, body.code]);
    };
    expect((await add("a")).map(([status]) => status)).toEqual([201, 201]);
    await client.call("DELETE", "/calls/c");
    for (const key of ["a", "b"])
      expect(await add(key)).toEqual([
        [410, "call_erased"],
        [410, "call_erased"],
      ]);
  });

  it("is refused before any line, where it is none", async () => {
    const client = new Client();
    const lines = [requestLine("One"), requestLine("Named", { call_id: "n" })].join("\n");
    for (const key of ["", "two words", "k".repeat(256)]) {
      const { status, body } = await keyed(client, "/calls/batch", key, lines);
      expect([status, body.code, body.param]).toEqual([422, "invalid_request", "Idempotency-Key"]);
    }
    expect((await client.get("/calls")).body.data).toEqual([]);
  });

  it("has no hash of a request whose item is erased", async () => {
    const client = new Client();
    const headers = { "idempotency-key": "q" };
    const question = { query: "My number is 4711", session_id: "s" };
    const call = { request: REQUEST, response: RESPONSE, session_id: "t" };
    expect((await client.post("/query", { body: question, headers, at: NOW })).status).toBe(200);
    expect((await keyed(client, "/calls", "c", call)).status).toBe(201);
    await client.ask("Stays", { session_id: "u" }, { headers: { "idempotency-key": "u" } });
    for (const session of ["s", "t"]) {
      const path = `/v1/conversations/${session}/items`;
      const [item] = (await client.get(path)).body.data;
      expect((await client.call("DELETE", `${path}/${item.id}`)).status).toBe(200);
    }
    const hashes = await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("select key, hash <> '' as has from idempotency order by key").toArray(),
    );
    expect(hashes).toEqual([
      { key: "c", has: 0 },
      { key: "q", has: 0 },
      { key: "u", has: 1 },
    ]);
    const again = [
      await client.post("/query", { body: question, headers, at: NOW }),
      await keyed(client, "/calls", "c", call),
    ];
    for (const each of again) expect(each).toMatchObject(MISMATCH);
    expect((await client.get("/calls")).body.data).toHaveLength(3);
  });
});
