import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";

import { callId, turnId } from "../../../src/shared/ids.ts";
import { Client, DAY } from "../../support/client.ts";

const NOW = Date.UTC(2026, 6, 1, 12);
/** Every answer of it is the request's body, byte for byte; so answers grow fast. */
const RAW = { MODEL: "openai/raw", OPENAI_BASE_URL: inject("modelServer") };

const request = async (client: Client, id: string) => {
  const { body } = await client.get(`/calls/${id}/events`);
  return JSON.stringify(body.data[0].payload);
};

async function three() {
  const client = new Client({
    MODEL: "local,openai/fail",
    OPENAI_BASE_URL: inject("modelServer"),
  });
  await client.ask("1 + 1", { session_id: "a" }, { at: NOW - DAY });
  await client.ask("2 + 2", { session_id: "b" }, { at: NOW });
  await client.ask("no", { session_id: "b", model: "openai/fail" }, { at: NOW + 1_000 });
  return client;
}
const ids = (body: { data: { call_id: string }[] }) => body.data.map(({ call_id }) => call_id);

const list = async (client: Client, query = "") =>
  (await client.get(`/calls?archived=true&${query}`)).body;

describe("GET /calls?archived=true", () => {
  it("lists calls of archived sessions, by page and by filter, as they were listed before", async () => {
    const client = new Client();
    for (const [session_id, user_id] of [
      ["a", "ann"],
      ["b", "ben"],
    ])
      for (const query of ["one", "two"]) await client.ask(query, { session_id, user_id });
    await client.ask("live", { session_id: "live" });
    const before = (await client.get("/calls?user_id=ann")).body;
    for (const id of ["a", "b"]) await client.post(`/sessions/${id}/archive`);
    expect((await client.get("/calls")).body.data).toHaveLength(1);
    const all = await list(client);
    expect(all.data).toHaveLength(4);
    expect(await list(client, "user_id=ann")).toEqual(before);
    expect((await list(client, "session_id=b")).data).toHaveLength(2);
    expect((await list(client, "status=failed")).data).toEqual([]);
    expect(
      (await list(client, "model=local&provider=local&policy_outcome=none")).data,
    ).toHaveLength(4);
    const found: string[] = [];
    let page = await list(client, "limit=1");
    found.push(...ids(page));
    for (; page.has_more; found.push(...ids(page)))
      page = await list(client, `limit=1&after=${page.last_id}`);
    expect(found).toEqual(ids(all));
    expect(ids(await list(client, "order=asc"))).toEqual(found.toReversed());
    expect((await client.get("/calls?archived=true&before=x")).body.param).toBe("before");
  });

  it("goes on after a page that reads archives without a call to show", async () => {
    const client = new Client();
    await client.ask("the first", { session_id: "s0" }, { at: Date.now() - DAY });
    for (let n = 1; n <= 55; n += 1) await client.ask("x", { session_id: `s${n}` });
    await client.post("/purge", { body: { older_than_days: 0.000_000_01 } });
    const to = `order=desc&to=${new Date(Date.now() - DAY / 2).toISOString()}`;
    const first = await list(client, to);
    expect([first.data, first.has_more]).toEqual([[], true]);
    const second = await list(client, `${to}&after=${first.last_id}`);
    expect(second).toMatchObject({ data: [{ session_id: "s0" }], has_more: false });
  });

  it("leaves out an archive that is damaged", async () => {
    const client = new Client();
    await client.ask("x", { session_id: "a" });
    await client.post("/sessions/a/archive");
    const { objects } = await env.ARCHIVE.list({ prefix: `conversations/${client.account}/` });
    for (const { key } of objects) {
      const bytes = new Uint8Array(await (await env.ARCHIVE.get(key))!.arrayBuffer());
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      const { customMetadata = {} } = (await env.ARCHIVE.head(key))!;
      await env.ARCHIVE.put(key, bytes, { customMetadata });
    }
    expect(await list(client)).toMatchObject({ data: [], has_more: false });
  });
});

describe("a call's request", () => {
  it("is byte for byte what the model was sent, whatever was changed since", async () => {
    const client = new Client(RAW);
    const set = (assistant: string, settings: object) =>
      client.call("PUT", `/admin/accounts/${client.account}/assistants/${assistant}`, {
        body: settings,
      });
    const sent = new Map<string, string>();
    const ask = async (query: string, more: object = {}) => {
      const { body, status } = await client.ask(query, { session_id: "s", ...more });
      expect(status).toBe(200);
      sent.set(body.call_id, body.response);
    };
    await set("clerk", { instructions: "Sell tea.", window: { messages: 3 } });
    await ask("one", { assistant: "clerk" });
    await ask("two");
    await client.call("PATCH", "/sessions/s", { body: { facts: ["Ann likes tea."] } });
    await ask("three");
    await set("clerk", { instructions: "Sell coffee.", window: { messages: 5 } });
    await ask("four");
    await set("clerk", {});
    await client.call("PATCH", "/sessions/s", { body: { facts: [] } });
    await ask("five");
    const expectSame = async () => {
      expect(sent.size).toBe(5);
      for (const [id, body] of sent) expect(await request(client, id)).toBe(body);
    };
    await expectSame();
    // Likewise out of the archive, after it came back, and after a backup brought it back.
    await client.post("/sessions/s/archive");
    await expectSame();
    await client.post("/archives/s/restore");
    await expectSame();
  });

  it("leaves out turns that had no answer, as the window did", async () => {
    const client = new Client({ ...RAW, MODEL: "openai/raw,openai/fail" });
    await client.ask("one", { session_id: "s" });
    await client.ask("never answered", { session_id: "s", model: "openai/fail" });
    const { body } = await client.ask("two", { session_id: "s", model: "openai/raw" });
    expect(await request(client, body.call_id)).toBe(body.response);
    expect(body.response).not.toContain("never answered");
  });

  it("comes back with a backup", async () => {
    const client = new Client(RAW);
    await client.call("PUT", `/admin/accounts/${client.account}/assistants/clerk`, {
      body: { instructions: "Sell tea." },
    });
    const { body } = await client.ask("one", { session_id: "s", assistant: "clerk" });
    const backup = await client.post("/backups");
    await client.ask("two", { session_id: "s" });
    const restored = await client.post(`/backups/${backup.body.backup_id}/restore`, {
      body: { on_conflict: "replace" },
    });
    expect(restored.body).toMatchObject({ replaced: 1 });
    expect(await request(client, body.call_id)).toBe(body.response);
  });
});

describe("GET /calls", () => {
  it("lists every turn, and filters", async () => {
    const client = await three();
    const { body } = await client.get("/calls");
    const [failed, second, first] = body.data;
    expect(first).toEqual({
      object: "call",
      call_id: callId(turnId(1, 1)),
      session_id: "a",
      user_id: null,
      status: "completed",
      provider: "local",
      model: "local",
      duration_ms: expect.any(Number),
      policy_outcome: null,
      error: null,
      external: false,
      usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
      created_at: new Date(NOW - DAY).toISOString(),
    });
    expect(failed).toMatchObject({ status: "failed", error: { code: "model_failed" } });
    const filtered = async (query: string) => ids((await client.get(`/calls?${query}`)).body);
    expect(await filtered("session_id=b")).toEqual([failed.call_id, second.call_id]);
    expect(await filtered("session_id=none")).toEqual([]);
    expect(await filtered("status=failed")).toEqual([failed.call_id]);
    expect(await filtered("provider=local&order=asc")).toEqual([first.call_id, second.call_id]);
    expect(await filtered("model=local&session_id=a")).toEqual([first.call_id]);
    expect(await filtered("model=unheard")).toEqual([]);
    expect(await filtered("from=2026-07-01")).toEqual([failed.call_id, second.call_id]);
    expect(await filtered("to=2026-07-01")).toEqual([first.call_id]);
    expect(await filtered("policy_outcome=none&status=failed")).toEqual([failed.call_id]);
    expect(await filtered("policy_outcome=blocked")).toEqual([]);
  });

  it("pages without a gap", async () => {
    const client = await three();
    const all = ids((await client.get("/calls")).body);
    const first = await client.get("/calls?limit=2");
    expect(ids(first.body)).toEqual(all.slice(0, 2));
    expect(first.body.has_more).toBe(true);
    const rest = await client.get(`/calls?limit=2&after=${first.body.last_id}`);
    expect(ids(rest.body)).toEqual(all.slice(2));
    expect(rest.body.has_more).toBe(false);
    const back = await client.get(`/calls?limit=2&before=${rest.body.first_id}`);
    expect(ids(back.body)).toEqual(all.slice(0, 2));
  });

  it.each([
    ["status=done", "status"],
    ["from=yesterday", "from"],
    ["after=nothing", "after"],
    ["modle=x", "modle"],
    ["policy_outcome=maybe", "policy_outcome"],
  ])("refuses %s", async (query, param) => {
    const { status, body } = await new Client().get(`/calls?${query}`);
    expect({ status, param: body.param }).toEqual({ status: 422, param });
  });
});

describe("a call", () => {
  it("shows its request and response in OpenAI's format", async () => {
    const client = new Client();
    const { body } = await client.ask("2 + 2", { session_id: "s" }, { at: NOW });
    const { body: events } = await client.get(`/calls/${body.call_id}/events`);
    expect(events.data).toEqual([
      {
        object: "call.event",
        id: `${body.call_id}:0`,
        call_id: body.call_id,
        event_type: "request",
        sequence: 0,
        payload: { model: "local", messages: [{ role: "user", content: "2 + 2" }] },
        created_at: new Date(NOW).toISOString(),
      },
      {
        object: "call.event",
        id: `${body.call_id}:1`,
        call_id: body.call_id,
        event_type: "response",
        sequence: 1,
        payload: {
          id: body.call_id,
          object: "chat.completion",
          created: NOW / 1_000,
          model: "local",
          choices: [
            {
              index: 0,
              message: { role: "assistant", content: "2 + 2 = 4", refusal: null },
              finish_reason: "stop",
              logprobs: null,
            },
          ],
          usage: {
            prompt_tokens: body.usage.input_tokens,
            completion_tokens: body.usage.output_tokens,
            total_tokens: body.usage.input_tokens + body.usage.output_tokens,
          },
        },
        created_at: expect.any(String),
      },
    ]);
    const legacy = await client.get(`/api/conversation/${body.call_id}/v2`);
    expect(legacy.body).toMatchObject({ call_id: body.call_id, events: events.data });
    expect((await client.get(`/api/policy-events/${body.call_id}`)).body).toEqual({
      call_id: body.call_id,
      policy_events: [],
    });
    expect((await client.get(`/calls/${body.call_id}/policy-events`)).body.data).toEqual([]);
  });

  it("is found no more once its session is erased", async () => {
    const client = new Client();
    const { body } = await client.ask("2 + 2", { session_id: "s" });
    await client.call("DELETE", "/sessions/s");
    for (const path of ["", "/events", "/policy-events"]) {
      const found = await client.get(`/calls/${body.call_id}${path}`);
      expect(found).toMatchObject({ status: 404, body: { code: "call_not_found" } });
    }
  });
});
