import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { respondInBackground as runJob } from "../../../../src/jobs/respond.ts";
import { resetCircuit } from "../../../../src/outbound/circuit-breaker.ts";
import { Client, DAY, freshAccount } from "../../../support/client.ts";
import { keyHolder, root as admin } from "../../../support/keys.ts";
import type { Answer } from "../../../support/client.ts";

const openai = (model: string, more: object = {}) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
  OPENAI_API_KEY: "test-key",
  ...more,
});

// What one test has fail would open the circuit for the next.
beforeEach(() => resetCircuit(env, "openai"));

const create = (client: Client, input: unknown, more: object = {}): Promise<Answer> =>
  client.post("/v1/responses", { body: { input, ...more } });

const textIn = (answer: Answer): string =>
  answer.body.output
    .flatMap((item: { content?: { text: string }[] }) => item.content ?? [])
    .map((part: { text: string }) => part.text)
    .join("");

interface Event {
  type: string;
  sequence_number: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  [field: string]: any;
}

async function stream(client: Client, input: unknown, more: object = {}): Promise<Event[]> {
  const body = { input, stream: true, ...more };
  const response = await client.fetch("POST", "/v1/responses", { body });
  return eventsIn(await response.text());
}

const eventsIn = (text: string): Event[] =>
  text
    .split("\n\n")
    .map((block) => block.split("\n").find((line) => line.startsWith("data: {")))
    .filter((line) => line !== undefined)
    .map((line) => JSON.parse(line.slice("data: ".length)) as Event);

const replay = async (client: Client, id: string, query = ""): Promise<Event[]> =>
  eventsIn(await (await client.fetch("GET", `/v1/responses/${id}?stream=true${query}`)).text());

const message = (content: string) => ({ type: "message", role: "assistant", content });
const text = (said: string) => ({ type: "output_text", text: said });

describe("POST /v1/responses", () => {
  it("streams events that are told again just as they were", async () => {
    const client = new Client();
    const events = await stream(client, "What is 6 * 7?");
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, n) => n));
    const id: string = events[0]?.["response"].id;
    expect(await replay(client, id)).toEqual(events);
    await evictDurableObject(client.object);
    expect(await replay(client, id, "&starting_after=3")).toEqual(events.slice(4));
  });

  it("is kept from a sweep until it is made, also after the object was evicted", async () => {
    // No consumer answers it before the sweep.
    const client = new Client(openai("drip", { MESSAGES: { send: () => Promise.resolve() } }));
    const { body } = await create(client, "one two three", { background: true });
    await evictDurableObject(client.object);
    const at = Date.now() + 31 * DAY;
    expect((await client.post("/purge", { at })).body).toMatchObject({ deleted: 0, errors: 0 });
    const archived = await client.post(`/sessions/${body.conversation.id}/archive`);
    expect(archived).toMatchObject({ status: 409, body: { code: "session_busy" } });
    await respondInBackground(client, body.id);
    expect((await client.get(`/v1/responses/${body.id}`)).body.status).toBe("completed");
    expect((await client.post("/purge", { at })).body).toMatchObject({ deleted: 1 });
  });
});

const policed = async (policies: object[]): Promise<Client> => {
  const client = new Client(openai("echo"));
  const path = `/admin/accounts/${client.account}/assistants/clerk`;
  expect((await client.call("PUT", path, { body: { policies } })).status).toBe(200);
  return client;
};

const model = "assistant/clerk";

describe("policies", () => {
  const redact = { type: "redact", on: "both", pattern: "secret", replacement: "[gone]" };

  it("change each message of what is asked, and what is answered", async () => {
    const client = await policed([redact]);
    const input = [
      { role: "developer", content: "Keep the secret." },
      { role: "user", content: [{ type: "input_text", text: "The secret is 1." }] },
    ];
    const { body } = await create(client, input, { model });
    expect(textIn({ body } as Answer)).toBe("You said: The [gone] is 1.");
    const items = await client.get(`/v1/responses/${body.id}/input_items?order=asc`);
    expect(JSON.stringify(items.body.data)).not.toContain("secret");
    expect(items.body.data.map((item: { role: string }) => item.role)).toEqual([
      "developer",
      "user",
    ]);
  });

  it("are in time for a stream", async () => {
    const client = await policed([{ ...redact, pattern: "said" }]);
    const events = await stream(client, "Hello", { model });
    expect(JSON.stringify(events)).not.toContain("You said");
    expect(events.at(-1)?.["response"].output[0].content[0].text).toBe("You [gone]: Hello");
    const id: string = events.at(-1)?.["response"].id;
    expect(await replay(client, id)).toEqual(events);
  });

  it("leave calls of functions as they are", async () => {
    const client = new Client(openai("tools"));
    const path = `/admin/accounts/${client.account}/assistants/clerk`;
    await client.call("PUT", path, { body: { policies: [{ ...redact, pattern: "Paris" }] } });
    const tools = [{ type: "function", name: "weather", parameters: { type: "object" } }];
    const { body } = await create(client, "Paris?", { model, tools });
    expect(body.output).toMatchObject([{ type: "function_call", name: "weather" }]);
  });

  it("answer in a model's place, and what was blocked is no end", async () => {
    const client = await policed([{ type: "block", on: "request", pattern: "bomb" }]);
    const blocked = await create(client, "A bomb", { model });
    expect(blocked.body).toMatchObject({ status: "completed", model: "default" });
    const { id: previous_response_id } = blocked.body;
    const next = await create(client, "Hi", { model, previous_response_id });
    expect(textIn(next)).toBe("You said: Hi");
    expect(next.body.conversation).toEqual(blocked.body.conversation);
  });
});

describe("what is blocked", () => {
  const PASSWORD = [{ type: "block", on: "request", pattern: "password" }];

  it.each([
    [
      "what a tool gave",
      (call_id: string) => [{ type: "function_call_output", call_id, output: "the password" }],
      {},
    ],
    ["instructions", () => "Hi", { instructions: "The password is x." }],
  ])("is so in %s", async (_, input, more) => {
    const client = await policed(PASSWORD);
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
    const said = input("c");
    const items = typeof said === "string" ? said : [call, ...said];
    const { body } = await create(client, items, { model, ...more });
    expect(textIn({ body } as Answer)).not.toContain("You said");
  });

  it("is neither added to a conversation nor summed up", async () => {
    const client = new Client();
    const path = `/admin/accounts/${client.account}/assistants/default`;
    expect((await client.call("PUT", path, { body: { policies: PASSWORD } })).status).toBe(200);
    const items = [{ role: "user", content: "my password" }];
    const { body } = await client.post("/v1/conversations", { body: {} });
    const refused = await Promise.all([
      client.post("/v1/conversations", { body: { items } }),
      client.post(`/v1/conversations/${body.id}/items`, { body: { items } }),
      client.post("/v1/responses/compact", { body: { model: "local", input: items } }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400]);
  });
});

describe("a response's turn", () => {
  it("holds its input once, and not in its settings", async () => {
    const client = new Client();
    const conversation: string = (await client.post("/v1/conversations", { body: {} })).body.id;
    const { body } = await create(client, "Open sesame", { conversation });
    const item: string = (await client.get(`/v1/responses/${body.id}/input_items`)).body.data[0].id;
    await client.call("DELETE", `/v1/conversations/${conversation}/items/${item}`);
    await client.call("DELETE", `/v1/conversations/${conversation}/items/${body.output[0].id}`);
    expect(await (await client.fetch("GET", "/export")).text()).not.toContain("sesame");
    const long = Array.from({ length: 4 }, () => ({ role: "user", content: "x".repeat(250_000) }));
    expect((await create(client, long)).status).toBe(200);
  });

  it("may have no input of its own, and is asked for with anything to include", async () => {
    const client = new Client();
    const { body } = await create(client, "My name is Alice");
    const previous_response_id: string = body.id;
    const behind = { body: { previous_response_id } };
    const named = { body: { ...behind.body, model: "local" } };
    const compacted = await client.post("/v1/responses/compact", named);
    expect(compacted).toMatchObject({ status: 200, body: { object: "response.compaction" } });
    expect((await client.post("/v1/responses", behind)).status).toBe(200);
    const include = "include[]=reasoning.encrypted_content&include[]=message.output_text.logprobs";
    expect((await client.get(`/v1/responses/${body.id}?${include}`)).status).toBe(200);
    expect((await client.get(`/v1/responses/${body.id}/input_items?${include}`)).status).toBe(200);
  });

  it("is not there for another user with the same Idempotency-Key", async () => {
    const account = freshAccount();
    const { client: ann } = await keyHolder(["query"], account, { user_id: "ann" });
    const { client: bob } = await keyHolder(["query"], account, { user_id: "bob" });
    const asked = { body: { input: "Hi" }, headers: { "idempotency-key": "same" } };
    const first = await ann.post("/v1/responses", asked);
    const other = await bob.post("/v1/responses", asked);
    expect([first.status, other.status]).toEqual([200, 200]);
    expect(other.body.id).not.toBe(first.body.id);
    expect((await ann.post("/v1/responses", asked)).body.id).toBe(first.body.id);
  });

  it("is not there for another user", async () => {
    const account = freshAccount();
    const { client: ann } = await keyHolder(["query", "read", "manage"], account, {
      user_id: "ann",
    });
    const { client: bob } = await keyHolder(["query", "read", "manage"], account, {
      user_id: "bob",
    });
    const { body } = await create(ann, "My name is Ann");
    const previous_response_id: string = body.id;
    const refused = await Promise.all([
      bob.get(`/v1/responses/${body.id}`),
      bob.get(`/v1/responses/${body.id}?stream=true`),
      bob.get(`/v1/responses/${body.id}/input_items`),
      bob.post(`/v1/responses/${body.id}/cancel`),
      bob.call("DELETE", `/v1/responses/${body.id}`),
      create(bob, "Hi", { previous_response_id }),
      create(bob, "Hi", { conversation: body.conversation.id }),
      create(bob, [{ type: "item_reference", id: body.output[0].id }]),
      create(bob, "Hi", { previous_response_id, store: false }),
    ]);
    const statuses = refused.map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 400, 404, 404, 400]);
    expect((await create(ann, "What is my name?", { previous_response_id })).status).toBe(200);
  });

  it("is read where it lies once it is archived, with its events, and gone on with", async () => {
    const client = new Client();
    const events = await stream(client, "My name is Alice");
    const previous_response_id: string = events.at(-1)?.["response"].id;
    expect((await client.post("/purge?older_than_days=0.00000001")).body.archived).toBe(1);
    expect(await replay(client, previous_response_id)).toEqual(events);
    const { body } = await create(client, "What is my name?", { previous_response_id });
    expect(textIn({ body } as Answer)).toContain("Alice");
  });

  it("is read in its archive by what is not stored, also in a full account", async () => {
    const client = new Client();
    const { body: first } = await create(client, "My name is Alice");
    const more = { previous_response_id: first.id };
    await create(client, "What is 6 * 7?", more);
    expect((await client.post("/purge?older_than_days=0.00000001")).body.archived).toBe(1);
    await create(client, "Hi");
    const body = { quotas: { sessions: 1 } };
    await admin.call("PATCH", `/admin/accounts/${client.account}`, { body });
    for (const context of [more, { conversation: first.conversation.id }]) {
      const asked = { body: { input: "What is my name?", model: "local", ...context } };
      const answer = await create(client, "What is my name?", { ...context, store: false });
      expect(answer).toMatchObject({ status: 200 });
      expect(textIn(answer)).toContain("Alice");
      const counted = await client.post("/v1/responses/input_tokens", asked);
      expect(counted.body.input_tokens).toBeGreaterThan(4);
      const compacted = await client.post("/v1/responses/compact", asked);
      const summary = Buffer.from(compacted.body.output[0].encrypted_content, "base64url");
      expect(summary.toString()).toContain("Alice");
    }
    const { body: session } = await client.get(`/sessions/${first.conversation.id}`);
    expect(session).toMatchObject({ status: "archived", turns: 2 });
    // What is stored goes on in it, and needs the room.
    expect(await create(client, "What is my name?", more)).toMatchObject({ status: 507 });
  });

  it("is exported, and the same after an import", async () => {
    const client = new Client();
    const tools = [{ type: "function", name: "weather", parameters: { type: "object" } }];
    const events = await stream(client, "What is 6 * 7?", { tools, temperature: 0.5 });
    const id: string = events.at(-1)?.["response"].id;
    const before = (await client.get(`/v1/responses/${id}`)).body;
    const lines = await (await client.fetch("GET", "/export")).text();
    await client.call("DELETE", `/sessions/${before.conversation.id}`);
    expect((await client.get(`/v1/responses/${id}`)).status).toBe(404);
    const other = new Client();
    const imported = await other.post("/import", { body: lines });
    expect(imported).toMatchObject({ status: 200 });
    expect((await other.get(`/v1/responses/${id}`)).body).toEqual(before);
    expect(await replay(other, id)).toEqual(events);
  });

  it("tells all items of an imported answer, each once, although no stream made them", async () => {
    const client = new Client();
    const call = { type: "function_call", call_id: "c1", name: "fare", arguments: "{}" };
    const result = { type: "function_call_output", call_id: "c1", output: "120" };
    const output = [
      { type: "reasoning", text: "Hm." },
      { type: "reasoning", text: "So." },
      call,
      { type: "reasoning", text: "", encrypted_content: "sealed" },
      result,
      message("120 euros."),
      message("Book?"),
    ];
    const created_at = "2026-11-01T00:00:00.000Z";
    const lines = [
      { type: "session", format: 6, session_id: "trip", created_at },
      { type: "turn", created_at, input: "A fare?", output },
    ];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    expect(await client.post("/import", { body })).toMatchObject({ status: 200 });
    const { data } = (await client.get("/v1/conversations/trip/items?order=asc")).body;
    const id = `resp_${data[0].id.split("_")[1]}`;
    const { body: response } = await client.get(`/v1/responses/${id}`);
    expect(response.output).toHaveLength(output.length);
    const events = await replay(client, id);
    const of = (type: string) => events.filter((event) => event.type === `response.${type}`);
    expect(of("output_item.done").map(({ item }) => item)).toEqual(response.output);
    expect(of("output_item.added").map(({ item }) => item.id)).toEqual(
      response.output.map((item: Event) => item["id"]),
    );
    expect(of("output_text.delta").map(({ delta }) => delta)).toEqual(["120 euros.", "Book?"]);
    expect(events.at(-1)?.["response"]).toEqual(response);
    expect(await replay(client, id, "&starting_after=6")).toEqual(events.slice(7));
  });

  it("ends each item of an imported answer as the response has it", async () => {
    const client = new Client();
    const call = { type: "function_call", call_id: "c1", name: "fare", arguments: "{}" };
    const output = [
      { ...message("I look."), phase: "commentary" },
      { type: "reasoning", text: "Hm.", summary: ["One.", "Two."] },
      { ...message(""), content: [text("One fare."), { type: "refusal", refusal: "No." }] },
      { ...call, status: "incomplete" },
      { ...message(""), content: [text("120 euros."), text("")] },
      { ...message("Book?"), phase: "final_answer" },
    ];
    const lines = [
      { type: "session", format: 6, session_id: "trip", created_at: "2026-11-01T00:00:00.000Z" },
      { type: "turn", created_at: "2026-11-01T00:00:00.000Z", input: "A fare?", output },
    ];
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    expect(await client.post("/import", { body })).toMatchObject({ status: 200 });
    const { data } = (await client.get("/v1/conversations/trip/items?order=asc")).body;
    const id = `resp_${data[0].id.split("_")[1]}`;
    const { body: response } = await client.get(`/v1/responses/${id}`);
    const events = await replay(client, id);
    const of = (type: string) => events.filter((event) => event.type === `response.${type}`);
    expect(of("output_item.done").map(({ item }) => item)).toEqual(response.output);
    const partsOf = (item: Event) =>
      of("content_part.done")
        .filter(({ item_id }) => item_id === item["id"])
        .map(({ part }) => part);
    const messages = response.output.filter(({ type }: Event) => type === "message");
    expect(messages.map(partsOf)).toEqual(messages.map((item: Event) => item["content"]));
    expect(of("content_part.added").map(({ content_index }) => content_index)).toEqual([
      0, 0, 1, 0, 1, 0,
    ]);
    expect(of("output_item.added")[0]?.item).toMatchObject({ phase: "commentary", content: [] });
    expect(of("reasoning_summary_text.done").map((event) => event["text"])).toEqual([
      "One.",
      "Two.",
    ]);
    expect(of("reasoning_text.done")).toMatchObject([{ content_index: 0, text: "Hm." }]);
    expect(of("output_text.delta").map(({ delta }) => delta)).toEqual([
      "I look.",
      "One fare.",
      "120 euros.",
      "Book?",
    ]);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, n) => n));
    expect(await replay(client, id, "&starting_after=6")).toEqual(events.slice(7));
  });

  it("is made once for an Idempotency-Key, and told again byte for byte", async () => {
    const client = new Client();
    const call = { headers: { "idempotency-key": "k" }, body: { input: "Hello" } };
    const [first, second] = [
      await client.post("/v1/responses", call),
      await client.post("/v1/responses", call),
    ];
    expect(second.body).toEqual(first.body);
    expect((await client.get("/storage-stats")).body.total_turns).toBe(1);
    const other = await client.post("/v1/responses", { ...call, body: { input: "Bye" } });
    expect(other).toMatchObject({ status: 400, body: { error: { code: "idempotency_mismatch" } } });
  });

  it("takes its words along when it is deleted, and its session if it was alone there", async () => {
    const client = new Client();
    const first = (await create(client, "My name is Alice")).body;
    const { body } = await create(client, "And Bob is there", { previous_response_id: first.id });
    expect((await client.call("DELETE", `/v1/responses/${first.id}`)).body).toEqual({
      id: first.id,
      object: "response",
      deleted: true,
    });
    expect((await client.get(`/v1/responses/${first.id}`)).status).toBe(404);
    expect(await (await client.fetch("GET", "/export")).text()).not.toContain("Alice");
    expect((await client.get("/search?q=Alice")).body.data).toEqual([]);
    const behind = await create(client, "Hi", { previous_response_id: first.id });
    expect(behind).toMatchObject({
      status: 400,
      body: { error: { code: "previous_response_not_found" } },
    });
    const alone = (await create(client, "Carol")).body;
    await client.call("DELETE", `/v1/responses/${alone.id}`);
    expect((await client.get(`/sessions/${alone.conversation.id}`)).status).toBe(404);
    const stats = (await client.get("/storage-stats")).body;
    expect(stats).toMatchObject({ total_turns: 2 });
    expect((await client.get(`/v1/responses/${body.id}`)).status).toBe(200);
  });

  it("is deleted with its archived session, and with instructions that only it had", async () => {
    const client = new Client();
    const alone = (await create(client, "Carol")).body;
    expect((await client.post("/purge?older_than_days=0.00000001")).body.archived).toBe(1);
    await client.call("DELETE", `/v1/responses/${alone.id}`);
    expect((await client.get(`/sessions/${alone.conversation.id}`)).status).toBe(404);
    const { body: conversation } = await client.post("/v1/conversations", { body: {} });
    const { body } = await create(client, "Hi", {
      conversation: conversation.id,
      instructions: "Speak like a pirate.",
    });
    await client.call("DELETE", `/v1/responses/${body.id}`);
    const frames = await runInDurableObject(client.object, (_, { storage }) =>
      storage.sql.exec("select text from frames").toArray(),
    );
    expect(frames).toEqual([]);
    const lines = await (await client.fetch("GET", "/export")).text();
    expect(lines).not.toContain("pirate");
    expect(lines).toContain('"input":"Hi"');
  });

  it("stays where it is under legal hold", async () => {
    const client = new Client();
    const { body } = await create(client, "Hello");
    await client.call("PATCH", `/sessions/${body.conversation.id}`, { body: { hold: "case 1" } });
    const refused = await client.call("DELETE", `/v1/responses/${body.id}`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "session_held" } } });
    expect((await client.get(`/v1/responses/${body.id}`)).status).toBe(200);
  });

  it("is a call like any other, with the request that its model saw", async () => {
    const client = new Client(openai("echo"));
    const { body } = await create(client, "Hello", { instructions: "Be brief." });
    const events = await client.get(`/calls/${body.id.replace("resp_", "call_")}/events`);
    expect(events.body.data[0].payload.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ]);
  });
});

it("what is nested too deep is refused, whatever comes with it", async () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const body = `{"input":"Hi","tools":[{"type":"function","name":"f","parameters":{"a":${deep}}}]}`;
  const client = new Client();
  const refused = await client.post("/v1/responses", { body, headers: { "idempotency-key": "k" } });
  expect(refused).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
});

describe("what goes another way", () => {
  it("leaves nothing where it is refused", async () => {
    const client = new Client();
    const root = (await create(client, "My name is Alice")).body;
    const behind = { previous_response_id: root.id };
    await create(client, "Hello", behind);
    const lost = [{ type: "function_call_output", call_id: "nobody", output: "x" }];
    expect((await create(client, lost, behind)).status).toBe(400);
    expect((await create(client, "Hi", { ...behind, model: "assistant/nobody" })).status).toBe(400);
    const missing = [{ type: "item_reference", id: root.output[0].id.replace(/_1$/, "_77") }];
    expect((await create(client, missing, behind)).status).toBe(404);
    const { body } = await client.get("/storage-stats");
    expect(body).toMatchObject({ total_conversations: 1, total_turns: 2 });
    await evictDurableObject(client.object);
    expect((await client.get("/storage-stats")).body).toMatchObject({ total_conversations: 1 });
  });

  it("knows nothing of the first, and counts as a session of its own", async () => {
    const client = new Client();
    const root = (await create(client, "My name is Alice")).body;
    const behind = { previous_response_id: root.id };
    const left = (await create(client, "My city is Rome", behind)).body;
    const right = (await create(client, "My city is Oslo", behind)).body;
    expect(right.conversation).not.toEqual(left.conversation);
    const ask = async (previous_response_id: string) =>
      textIn(await create(client, "What do you know about me?", { previous_response_id }));
    expect(await ask(left.id)).toMatch(/Alice.*Rome/);
    const told = await ask(right.id);
    expect(told).toMatch(/Alice.*Oslo/);
    expect(told).not.toContain("Rome");
    const { body } = await client.get("/storage-stats");
    expect(body).toMatchObject({ total_conversations: 2, total_turns: 6 });
  });
});

const respondInBackground = (client: Client, id: string): Promise<void> =>
  runJob(Object.assign({ ...env }, openai("drip")), {
    type: "response",
    account_id: client.account,
    turn_id: Number.parseInt(id.slice(5), 36),
  });
