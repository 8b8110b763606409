import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { resetCircuit } from "../../../src/outbound/circuit-breaker.ts";
import { Client, DAY } from "../../support/client.ts";

const openai = (model: string, more: object = {}) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
  OPENAI_API_KEY: "test-key",
  ...more,
});

const key = (name: string) => ({ headers: { "idempotency-key": name } });

// What one test has fail would open the circuit for the next.
beforeEach(() => resetCircuit(env, "openai"));

describe("POST /query", () => {
  it("mints a session, and remembers what was said in it", async () => {
    const client = new Client();
    const first = await client.ask("My name is Alice");
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, new_session: true, stored: true, model: "local" },
    });
    expect(first.body.session_id).toMatch(/^session_\d{13}_[0-9a-z]{12}$/);
    const second = await client.ask("What is my name?", { session_id: first.body.session_id });
    expect(second.body.response).toContain("Alice");
    expect(second.body).not.toHaveProperty("new_session");
  });

  it("remembers after the object was evicted", async () => {
    const client = new Client();
    const { body } = await client.ask("My name is Alice");
    await evictDurableObject(client.object);
    const again = await client.ask("What is my name?", { session_id: body.session_id });
    expect(again.body.response).toContain("Alice");
  });

  it("creates a session under an id that the caller brings", async () => {
    const client = new Client();
    const { body } = await client.ask("Hello", { session_id: "web:42" });
    expect(body).toMatchObject({ session_id: "web:42", new_session: true });
  });

  it("takes JSON whatever the Content-Type says", async () => {
    const client = new Client();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await client.ask("Hello", {}, { headers })).status).toBe(200);
  });

  it("keeps 50 turns that come at once in order, each seeing all before it", async () => {
    const client = new Client(openai("count"));
    await Promise.all(Array.from({ length: 50 }, () => client.ask("Hi", { session_id: "s" })));
    const { body } = await client.get("/sessions/s/turns?limit=100");
    const windows = body.data.map((turn: { output: string }) => turn.output);
    // The window is the last 20 messages, and then the new one.
    expect(windows).toEqual(
      Array.from({ length: 50 }, (_, before) => `${Math.min(2 * before, 20) + 1} messages`),
    );
  });

  it("refuses the second of two turns at once when asked to, and says when to come back", async () => {
    const client = new Client(openai("drip"));
    const slow = client.ask("one two three", { session_id: "s", stream: false, on_busy: "reject" });
    const events = client.fetch("POST", "/query", {
      body: { query: "a b c d", session_id: "t", stream: true },
    });
    const stream = await events;
    const busy = await client.ask("Hi", { session_id: "t", on_busy: "reject" });
    expect(busy).toMatchObject({ status: 409, body: { code: "session_busy", session_id: "t" } });
    expect(Number(busy.headers.get("retry-after-ms"))).toBeGreaterThan(0);
    await stream.text();
    expect((await slow).status).toBe(200);
  });

  it("streams deltas, then the reply that it would have given without", async () => {
    const client = new Client();
    const stream = await client.fetch("POST", "/query", {
      body: { query: "What is 6 * 7?", session_id: "s", stream: true },
    });
    expect(stream.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const events = eventsIn(await stream.text());
    const deltas = events.filter(({ event }) => event === "delta").map(({ data }) => data.delta);
    const done = events.at(-1);
    expect(done).toMatchObject({
      event: "done",
      data: { success: true, session_id: "s", stored: true },
    });
    expect(deltas.join("")).toBe(done?.data.response);
  });

  it("streams a refusal as an error event with the problem in it", async () => {
    const client = new Client(openai("fail"));
    const stream = await client.fetch("POST", "/query", { body: { query: "Hi", stream: true } });
    expect(eventsIn(await stream.text()).at(-1)).toMatchObject({
      event: "error",
      data: { code: "model_failed", status: 502 },
    });
  });

  it("gives metadata and user to the session", async () => {
    const client = new Client();
    await client.ask("Hello", { session_id: "s", user_id: "u1", metadata: { topic: "billing" } });
    await client.ask("Hello", { session_id: "s", metadata: { plan: "pro" } });
    const { body } = await client.get("/sessions/s");
    expect(body).toMatchObject({ user_id: "u1", metadata: { topic: "billing", plan: "pro" } });
    const other = await client.ask("Hello", { session_id: "s", user_id: "u2" });
    expect(other).toMatchObject({ status: 422, body: { param: "user_id" } });
  });

  it("keeps each account's sessions to itself", async () => {
    const [mine, theirs] = [new Client(), new Client()];
    await mine.ask("My name is Alice", { session_id: "s" });
    const { body } = await theirs.ask("What is my name?", { session_id: "s" });
    expect(body).toMatchObject({ new_session: true });
    expect(body.response).not.toContain("Alice");
  });
});

describe("a model that fails", () => {
  it("answers 502 and keeps the turn as failed", async () => {
    const client = new Client(openai("fail"));
    const failed = await client.ask("Hello", { session_id: "s" });
    expect(failed).toMatchObject({
      status: 502,
      body: { success: false, code: "model_failed", session_id: "s" },
    });
    const { body } = await client.get("/sessions/s/turns");
    expect(body.data).toMatchObject([
      {
        call_id: failed.body.call_id,
        status: "failed",
        input: "Hello",
        output: null,
        error: { code: "model_failed" },
      },
    ]);
  });

  it.each([
    [400, 400, "provider_invalid_request"],
    [413, 413, "provider_too_large"],
    [422, 422, "provider_unprocessable"],
    [404, 404, "provider_not_found"],
    [429, 429, "provider_rate_limited"],
    [403, 502, "provider_refused_key"],
    [503, 502, "model_failed"],
  ])("tells a provider's %i as %i %s, without the key", async (said, status, code) => {
    const client = new Client(openai(`status-${said}`));
    const failed = await client.ask("Hello", { session_id: "s" });
    expect(failed).toMatchObject({ status, body: { code } });
    const isTold = said !== 403 && said !== 503;
    expect(failed.body.provider_code).toBe(isTold ? "context_length_exceeded" : undefined);
    expect(failed.body.detail.includes("The provider takes no such request")).toBe(isTold);
    expect(failed.body.detail).not.toContain("test-key");
    expect(failed.headers.get("retry-after")).toBe(said === 429 || said === 503 ? "7" : null);
    const { body } = await client.get("/sessions/s/turns");
    expect(body.data[0].error).toEqual({ code, message: expect.any(String) });
  });

  it("falls back from one model of a provider to another of it", async () => {
    const { MODEL: _, ...vars } = openai("");
    for (const status of [401, 404, 429, 500]) {
      const MODEL = `openai/status-${status},openai/echo`;
      const { body } = await new Client({ ...vars, MODEL }).ask("Hello");
      expect(body).toMatchObject({ response: "You said: Hello", model: "openai/echo" });
    }
    const MODEL = "openai/status-400,openai/echo";
    expect((await new Client({ ...vars, MODEL }).ask("Hello")).status).toBe(400);
  });

  it("is none where it has nothing to say", async () => {
    const { status, body } = await new Client(openai("empty")).ask("Hello");
    expect([status, body.response]).toEqual([200, ""]);
  });

  it("of one account shuts the model for no other", async () => {
    const noisy = new Client(openai("empty"));
    for (let n = 0; n < 7; n += 1) await noisy.ask("Hello");
    const refused = new Client(openai("status-400"));
    for (let n = 0; n < 7; n += 1) await refused.ask("Hello");
    for (const model of ["empty", "echo"])
      expect((await new Client(openai(model)).ask("Hello")).status).toBe(200);
    expect((await new Client(openai("status-400")).ask("Hello")).status).toBe(400);
  });

  it("answers 504 when it takes too long", async () => {
    const client = new Client(openai("hang", { MODEL_TIMEOUT_MS: "2000" }));
    expect(await client.ask("Hello")).toMatchObject({
      status: 504,
      body: { code: "model_timeout" },
    });
  });

  it("is asked once more", async () => {
    const client = new Client(openai("flaky"));
    expect(await client.ask("Hello")).toMatchObject({
      status: 200,
      body: { response: "You said: Hello" },
    });
  });

  it("gives way to the next in the list", async () => {
    const client = new Client(openai("fail", { MODEL: "openai/fail,local" }));
    expect(await client.ask("Hello")).toMatchObject({ status: 200, body: { model: "local" } });
  });

  it("leaves no question that the next turn would see twice", async () => {
    const client = new Client(openai("fail", { MODEL: "openai/fail,openai/count" }));
    await client.ask("Hello", { session_id: "s", model: "openai/fail" });
    const { body } = await client.ask("Hello", { session_id: "s", model: "openai/count" });
    expect(body.response).toBe("1 messages");
  });

  it("keeps what it streamed before it broke, and says that the turn failed", async () => {
    const client = new Client(openai("break"));
    const stream = await client.fetch("POST", "/query", {
      body: { query: "Hi", session_id: "s", stream: true },
    });
    expect(eventsIn(await stream.text()).at(-1)?.event).toBe("error");
    const { body } = await client.get("/sessions/s/turns");
    expect(body.data).toMatchObject([{ status: "failed", output: "You" }]);
  });
});

describe("Idempotency-Key", () => {
  it("answers a repeat byte for byte, and stores it once", async () => {
    const client = new Client();
    const body = { query: "Hello" };
    const [first, second] = [
      await (await client.fetch("POST", "/query", { body, ...key("k") })).text(),
      await (await client.fetch("POST", "/query", { body, ...key("k") })).text(),
    ];
    expect(second).toBe(first);
    expect((await client.get("/storage-stats")).body.total_turns).toBe(1);
  });

  it("answers a repeat after the session went into the archive", async () => {
    const client = new Client();
    const first = await client.ask("Hello", {}, key("k"));
    expect((await client.post("/purge?older_than_days=0.00000001")).body.archived).toBe(1);
    const second = await client.ask("Hello", {}, key("k"));
    expect(second.body).toEqual(first.body);
  });

  it("answers a repeat from the archive of an account that takes no more sessions", async () => {
    const client = new Client();
    const first = await client.ask("Hello", { session_id: "s" }, key("k"));
    await client.post("/sessions/s/archive");
    await client.ask("Hello", { session_id: "other" });
    const quotas = { sessions: 1, turns_per_day: 1 };
    await client.call("PATCH", `/admin/accounts/${client.account}`, { body: { quotas } });
    const second = await client.ask("Hello", { session_id: "s" }, key("k"));
    expect(second.body).toEqual(first.body);
    expect((await client.get("/sessions/s")).body.status).toBe("archived");
    expect(await client.ask("Bye", { session_id: "s" }, key("k"))).toMatchObject({
      status: 422,
      body: { code: "idempotency_mismatch" },
    });
  });

  it("refuses the same key with another request", async () => {
    const client = new Client();
    await client.ask("Hello", {}, key("k"));
    expect(await client.ask("Bye", {}, key("k"))).toMatchObject({
      status: 422,
      body: { code: "idempotency_mismatch" },
    });
  });

  it("replays a turn of an older time of the development clock after the account's alarm", async () => {
    const client = new Client();
    const at = { ...key("k"), at: Date.now() - 40 * DAY };
    const first = await client.ask("Hello", { session_id: "s" }, at);
    await client.post("/conversations", { body: { metadata: { a: "1" } }, ...at, ...key("c") });
    await runDurableObjectAlarm(client.object);
    const again = await client.ask("Hello", { session_id: "s" }, at);
    expect(again.body).toEqual(first.body);
  });

  it("refuses a repeat while the first is being answered", async () => {
    const client = new Client(openai("drip"));
    const call = { body: { query: "a b c", session_id: "s", stream: true }, ...key("k") };
    const first = await client.fetch("POST", "/query", call);
    const again = await client.ask("a b c", { session_id: "s" }, key("k"));
    expect(again).toMatchObject({ status: 409, body: { code: "idempotency_in_flight" } });
    await first.text();
  });

  it("retries a failed turn in its place, with the user's words kept once", async () => {
    const vars = openai("fail", { MODEL: "openai/fail" });
    const client = new Client(vars);
    const failed = await client.ask("Hello", { session_id: "s" }, key("k"));
    expect(failed.status).toBe(502);
    const recovered = new Client({ ...vars, MODEL: "openai/echo" }, client.account);
    const retried = await recovered.ask("Hello", { session_id: "s" }, key("k"));
    expect(retried).toMatchObject({
      status: 200,
      body: { call_id: failed.body.call_id, new_session: true },
    });
    const { body } = await client.get("/sessions/s/messages");
    expect(body.data.map(({ content }: { content: string }) => content)).toEqual([
      "Hello",
      "You said: Hello",
    ]);
  });

  it("takes the order of names for nothing", async () => {
    const client = new Client();
    const first = await client.ask("Hello", { metadata: { a: "1", b: "2" } }, key("k"));
    const second = await client.ask("Hello", { metadata: { b: "2", a: "1" } }, key("k"));
    expect(second.body).toEqual(first.body);
  });

  it("means nothing to another account", async () => {
    const [mine, theirs] = [new Client(), new Client()];
    await mine.ask("Hello", {}, key("k"));
    expect((await theirs.ask("Something else", {}, key("k"))).status).toBe(200);
  });
});

describe("without storage", () => {
  it("answers and keeps nothing when conversation storage is off", async () => {
    const client = new Client({ ENABLE_CONVERSATION_STORAGE: "false" });
    const { body } = await client.ask("Hello", { session_id: "s" });
    expect(body).toMatchObject({ success: true, stored: false });
    expect(body).not.toHaveProperty("session_id");
    expect((await client.get("/storage-stats")).body.total_turns).toBe(0);
  });

  const broken = {
    CONVERSATIONS: {
      getByName: () => ({
        "turns.begin": () => Promise.reject(Object.assign(new Error("no"), { overloaded: true })),
      }),
    },
  };

  it("answers 503 when storage fails, and keeps its error to itself", async () => {
    const refused = await new Client(broken).ask("Hello");
    expect(refused).toMatchObject({ status: 503, body: { code: "storage_unavailable" } });
    expect(refused.headers.get("retry-after")).toBe("1");
  });

  it("answers all the same when the deployment prefers that, and says that it is not stored", async () => {
    const client = new Client({ ...broken, ON_STORAGE_ERROR: "answer" });
    expect(await client.ask("Hello", { session_id: "s" })).toMatchObject({
      status: 200,
      body: { stored: false, session_id: "s" },
    });
  });
});

function eventsIn(text: string): { event: string; data: Record<string, string> }[] {
  return text
    .split("\n\n")
    .filter((block) => block.startsWith("event: "))
    .map((block) => {
      const [event = "", data = ""] = block.split("\n");
      return {
        event: event.slice("event: ".length),
        data: JSON.parse(data.slice("data: ".length)),
      };
    });
}
