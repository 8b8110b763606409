import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { resetCircuit } from "../../../../src/outbound/circuit-breaker.ts";
import type { Scope } from "../../../../src/shared/scopes.ts";
import { Client } from "../../../support/client.ts";
import type { Answer } from "../../../support/client.ts";
import { keyHolder } from "../../../support/keys.ts";

const PATH = "/v1/chat/completions";
/** What a key that speaks for one user may have. */
const OWN: Scope[] = ["query", "read", "manage"];

const openai = (model: string, more: object = {}) => ({
  MODEL: `openai/${model}`,
  OPENAI_BASE_URL: inject("modelServer"),
  OPENAI_API_KEY: "test-key",
  ...more,
});

// What one test has fail would open the circuit for the next.
beforeEach(() => resetCircuit(env, "openai"));

const user = (content: unknown) => ({ role: "user", content });
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather of a city.",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
    strict: true,
  },
};

const create = (
  client: Client,
  said: string | object[],
  more: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const messages = typeof said === "string" ? [user(said)] : said;
  return client.post(PATH, { headers, body: { model: "default", messages, ...more } });
};

/** Of an import. */
const line = (type: string, more: object): string => `${JSON.stringify({ type, ...more })}\n`;

const contentOf = ({ body }: Answer): string => body.choices[0].message.content;

/** The chunks of a stream, and what stands behind the last. */
async function stream(
  client: Client,
  said: string,
  more: object = {},
  headers: Record<string, string> = {},
) {
  const body = { model: "default", messages: [user(said)], stream: true, ...more };
  const response = await client.fetch("POST", PATH, { body, headers });
  const data = (await response.text())
    .split("\n\n")
    .filter((block) => block.startsWith("data: "))
    .map((block) => block.slice("data: ".length));
  const isDone = data.at(-1) === "[DONE]";
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  const chunks: any[] = (isDone ? data.slice(0, -1) : data).map((each) => JSON.parse(each));
  return { chunks, isDone, type: response.headers.get("content-type") };
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
const deltas = (chunks: any[]) =>
  chunks.flatMap(({ choices }) => choices.map((each: any) => each.delta));

describe("POST /v1/chat/completions", () => {
  it("answers, and keeps nothing of it unless it is asked to", async () => {
    const client = new Client(openai("echo"));
    const { status, body } = await create(client, "Hi", { metadata: { topic: "tea" } });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^chatcmpl-[0-9a-z]{12}$/),
      object: "chat.completion",
      created: expect.closeTo(Date.now() / 1_000, -2),
      model: "openai/echo",
      service_tier: "default",
      metadata: { topic: "tea" },
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "You said: Hi", refusal: null, annotations: [] },
          finish_reason: "stop",
          logprobs: null,
        },
      ],
      usage: {
        prompt_tokens: 7,
        completion_tokens: 3,
        total_tokens: 10,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect((await client.get("/sessions")).body.data).toEqual([]);
    expect((await client.get(`${PATH}/${body.id}`)).body.error.code).toBe("completion_not_found");
  });

  it("shows the model what was sent, each message as its kind", async () => {
    const client = new Client(openai("record"));
    const said = [
      { role: "system", content: "Be kind." },
      { role: "developer", content: [{ type: "text", text: "Be short." }], name: "boss" },
      user([
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: "https://a.test/a.png", detail: "low" } },
        { type: "file", file: { file_data: "data:text/plain;base64,SGk=", filename: "a.txt" } },
      ]),
      {
        role: "assistant",
        content: "Let me look.",
        refusal: null,
        annotations: [],
        tool_calls: [
          { id: "c1", type: "function", function: { name: "look", arguments: '{"at":1}' } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "A cat." }] },
      { role: "assistant", content: "A cat.", reasoning_content: "Hm.", parsed: null },
      user("Sure?"),
    ];
    const shown = JSON.parse(contentOf(await create(client, said)));
    expect(shown.map(({ role }: { role: string }) => role)).toEqual([
      "system",
      "system",
      "user",
      "assistant",
      "tool",
      "assistant",
      "user",
    ]);
    expect(shown[2].content).toHaveLength(3);
    expect(shown[2].content[1]).toMatchObject({ type: "image_url" });
    expect(shown[3]).toMatchObject({
      content: "Let me look.",
      tool_calls: [{ id: "c1", function: { name: "look" } }],
    });
    expect(shown[4]).toMatchObject({ tool_call_id: "c1", content: "A cat." });
  });

  it("tells the model how to answer", async () => {
    const client = new Client(openai("raw"));
    const asked = {
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      seed: 7,
      stop: "END",
      max_completion_tokens: 50,
      reasoning_effort: "low",
      tools: [weather],
      tool_choice: { type: "function", function: { name: "get_weather" } },
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", schema: { type: "object" }, strict: true },
      },
    };
    const sent = JSON.parse(contentOf(await create(client, "Hi", asked)));
    expect(sent).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      stop: ["END"],
      max_tokens: 50,
      reasoning_effort: "low",
      tool_choice: { type: "function", function: { name: "get_weather" } },
      tools: [{ function: { name: "get_weather" } }],
    });
    const allowed = {
      tools: [weather, { type: "function", function: { name: "other" } }],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: {
          mode: "required",
          tools: [{ type: "function", function: { name: "other" } }],
        },
      },
    };
    const narrowed = JSON.parse(contentOf(await create(client, "Hi", allowed)));
    expect(narrowed.tool_choice).toBe("required");
    expect(narrowed.tools).toMatchObject([{ function: { name: "other" } }]);
  });

  it("asks for the calls of several tools", async () => {
    const client = new Client(openai("tools"));
    const first = await create(client, "What is the weather, all of it?", {
      tools: [weather, { type: "function", function: { name: "get_time" } }],
    });
    const [choice] = first.body.choices;
    expect(choice).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: null,
        tool_calls: [
          {
            id: "call_1",
            type: "function",
            function: { name: "get_weather", arguments: '{"city":"Paris"}' },
          },
          { id: "call_2" },
        ],
      },
    });
  });

  it("says why an answer ends", async () => {
    const cut = await create(new Client(openai("length")), "Hi", { max_tokens: 3 });
    expect(cut.body.choices[0].finish_reason).toBe("length");
    const local = await create(new Client(), "Tell me all", { max_tokens: 3 });
    expect(local.body.choices[0]).toMatchObject({ finish_reason: "length" });
    expect(local.body.usage.completion_tokens).toBe(3);
  });

  it("tells what the model thought", async () => {
    const client = new Client(openai("reason"));
    const { body } = await create(client, "Hi");
    expect(body.choices[0].message).toMatchObject({
      content: "You said: Hi",
      reasoning_content: "Let me think.",
    });
    expect(body.usage).toMatchObject({
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 1 },
    });
    const { chunks } = await stream(client, "Hi");
    const thought = deltas(chunks).map(({ reasoning_content: each = "" }) => each);
    expect(thought.join("")).toBe("Let me think.");
  });

  it("answers in JSON", async () => {
    const json = await create(new Client(openai("json")), "Hi", {
      response_format: { type: "json_object" },
    });
    expect(JSON.parse(contentOf(json))).toEqual({ answer: "42" });
  });

  it("goes by aliases and assistants", async () => {
    const client = new Client(openai("echo", { MODEL_ALIASES: "gpt-5=openai/echo" }));
    for (const model of ["gpt-5", "echo", "openai/echo", "assistant/default"])
      expect(contentOf(await create(client, "Hi", { model }))).toBe("You said: Hi");
    expect(await create(client, "Hi", { model: "gpt-x" })).toMatchObject({
      status: 404,
      body: { error: { code: "model_not_found", param: "model" } },
    });
    expect((await create(client, "Hi", { model: "assistant/none" })).body.error.code).toBe(
      "assistant_not_found",
    );
  });

  it("says so when a policy keeps an answer back", async () => {
    const client = new Client(openai("echo"));
    const policies = [{ type: "block", on: "request", pattern: "bomb", message: "No." }];
    await client.call("PUT", `/admin/accounts/${client.account}/assistants/default`, {
      body: { policies },
    });
    const { body } = await create(client, "A bomb", { store: true });
    expect(body.choices[0]).toMatchObject({
      finish_reason: "content_filter",
      message: { content: "No." },
    });
    const { chunks } = await stream(client, "A bomb");
    expect(chunks.at(-1).choices[0].finish_reason).toBe("content_filter");
  });

  it("refuses where the model does, in its own field", async () => {
    const client = new Client(openai("refuse"));
    const words = "I would rather not.";
    const { body } = await create(client, "Hi", { store: true });
    expect(body.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: null, refusal: words },
    });
    const { chunks } = await stream(client, "Hi");
    const told = deltas(chunks);
    expect(told.map(({ refusal }) => refusal ?? "").join("")).toBe(words);
    expect(told.map(({ content }) => content ?? "").join("")).toBe("");
  });

  it("fails where the model does", async () => {
    const client = new Client(openai("fail"));
    expect(await create(client, "Hi", { store: true })).toMatchObject({
      status: 502,
      body: { error: { code: "model_failed", type: "server_error" } },
    });
    expect((await client.get(PATH)).body.data).toEqual([]);
    const { chunks, isDone } = await stream(client, "Hi");
    expect(isDone).toBe(false);
    expect(chunks.at(-1)).toMatchObject({ error: { code: "model_failed" } });
  });
});

describe("a stream of chunks", () => {
  it("begins with a role, and ends with a reason and the usage", async () => {
    const client = new Client(openai("echo"));
    const { chunks, isDone, type } = await stream(client, "one two", {
      stream_options: { include_usage: true, include_obfuscation: false },
    });
    expect(type).toContain("text/event-stream");
    expect(isDone).toBe(true);
    expect(deltas(chunks)[0]).toEqual({ role: "assistant", content: "", refusal: null });
    expect(
      deltas(chunks)
        .map(({ content = "" }) => content)
        .join(""),
    ).toBe("You said: one two");
    const [last, counted] = chunks.slice(-2);
    expect(last).toMatchObject({
      object: "chat.completion.chunk",
      model: "openai/echo",
      choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
      usage: null,
    });
    expect(counted).toMatchObject({ choices: [], usage: { total_tokens: 10 } });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it("has no usage unless the request asks for it", async () => {
    const { chunks } = await stream(new Client(openai("echo")), "one");
    expect(chunks.some((chunk) => "usage" in chunk)).toBe(false);
  });

  it("tells calls piece by piece", async () => {
    const client = new Client(openai("tools"));
    const tools = [weather, { type: "function", function: { name: "get_time" } }];
    const { chunks } = await stream(client, "all", { tools });
    const calls = deltas(chunks).flatMap(({ tool_calls = [] }) => tool_calls);
    for (const [index, name] of ["get_weather", "get_time"].entries()) {
      const [first, ...rest] = calls.filter((each) => each.index === index);
      expect(first).toMatchObject({
        id: `call_${index + 1}`,
        type: "function",
        function: { name, arguments: "" },
      });
      expect(rest.every((each) => !("id" in each) && !("name" in each.function))).toBe(true);
      const args = rest.map((each) => each.function.arguments);
      expect(args.length).toBeGreaterThan(1);
      expect(args.join("")).toBe('{"city":"Paris"}');
    }
    expect(chunks.at(-1).choices[0].finish_reason).toBe("tool_calls");
  });

  it("is told again from what was kept", async () => {
    const client = new Client(openai("echo"));
    const headers = { "idempotency-key": "once" };
    const first = await stream(client, "one two", { store: true }, headers);
    const again = await stream(client, "one two", { store: true }, headers);
    expect(deltas(again.chunks)).toEqual(deltas(first.chunks));
    expect(again.chunks[0].id).toBe(first.chunks[0].id);
    expect((await client.get(PATH)).body.data).toHaveLength(1);
  });
});

it("sends back what the provider hung on a call, and takes back any name that was told", async () => {
  const google = { google: { thought_signature: "sig-1" } };
  const call = {
    id: "c1",
    type: "function",
    function: { name: "functions.get_weather", arguments: "{}" },
    extra_content: google,
  };
  const messages = [
    user("Hi"),
    {
      role: "assistant",
      content: null,
      tool_calls: [call],
      thinking_blocks: [{ type: "thinking" }],
    },
    { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "Sunny" }] },
  ];
  const client = new Client(openai("record"));
  const stored = await create(client, messages, { store: true });
  const [, assistant] = JSON.parse(contentOf(stored));
  expect(assistant).toMatchObject({
    thinking_blocks: [{ type: "thinking" }],
    tool_calls: [{ function: { name: "functions.get_weather" }, extra_content: google }],
  });
  // They are stored: the export has them, and an import brings them back.
  const body = await (await client.fetch("GET", "/export")).text();
  expect(body).toContain('"signature":"sig-1"');
  const other = new Client();
  await other.post("/import", { body });
  expect(await (await other.fetch("GET", "/export")).text()).toContain('"signature":"sig-1"');
});

describe("a field that is not known", () => {
  const wrong = { messages: [{ ...user("Hi"), mood: "good" }], "m\u00f6\n": 1 };

  it("is ignored, and named", async () => {
    const { status, headers } = await create(new Client(), "", wrong);
    expect(status).toBe(200);
    expect(headers.get("x-ignored-fields")).toBe("messages[0].mood, m%C3%B6%0A");
    expect((await new Client().ask("Hi", { mood: "good" })).status).toBe(422);
  });

  it("is refused with STRICT=on", async () => {
    const strict = await create(new Client({ STRICT: "on" }), "", wrong);
    expect(strict).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
  });

  it("of an assistant's own message is always taken", async () => {
    const replayed = {
      role: "assistant",
      id: "m1",
      content: null,
      reasoning_content: "Hm.",
      reasoning: "Hm.",
      reasoning_details: [],
      provider_specific_fields: {},
      thinking_blocks: [],
      cache_control: { type: "ephemeral" },
      annotations: [],
    };
    const messages = [user("Hi"), replayed, user("Go on")];
    const { status, headers } = await create(new Client({ STRICT: "on" }), messages);
    expect([status, headers.get("x-ignored-fields")]).toEqual([200, null]);
  });
});

it("takes an empty text beside calls as none", async () => {
  const client = new Client();
  const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
  const messages = [
    user("Hi"),
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", tool_call_id: "c", content: "done" },
  ];
  const { body } = await create(client, messages, { store: true });
  const { body: items } = await client.get(`/v1/conversations/${body.id}/items?order=asc`);
  expect(items.data.map(({ type }: { type: string }) => type)).toEqual([
    "message",
    "function_call",
    "function_call_output",
    "message",
  ]);
});

describe("a request that is refused", () => {
  const client = new Client();
  const said = [user("Hi")];
  const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
  it.each<[string, object]>([
    ["messages", { messages: [] }],
    ["messages", { messages: "Hi" }],
    ["messages[0].role", { messages: [{ role: "function", name: "f", content: "x" }] }],
    ["messages[0].content", { messages: [{ role: "user" }] }],
    ["messages[0].content[0].type", { messages: [user([{ type: "input_audio" }])] }],
    [
      "messages[1].content[0].image_url",
      { messages: [...said, user([{ type: "image_url", image_url: "https://a.test" }])] },
    ],
    [
      "messages[0].content[0].image_url.detail",
      {
        messages: [
          user([{ type: "image_url", image_url: { url: "https://a.test", detail: "x" } }]),
        ],
      },
    ],
    [
      "messages[0].content[0].file.file_id",
      { messages: [user([{ type: "file", file: { file_data: "x", file_id: "f" } }])] },
    ],
    ["messages[1].content", { messages: [...said, { role: "assistant", content: null }] }],
    [
      "messages[1].tool_calls[0].type",
      {
        messages: [
          ...said,
          { role: "assistant", tool_calls: [{ ...call, type: "search", search: {} }] },
        ],
      },
    ],
    [
      "messages[1].function_call",
      { messages: [...said, { role: "assistant", content: "x", function_call: { name: "f" } }] },
    ],
    [
      "messages[1].tool_call_id",
      { messages: [...said, { role: "tool", tool_call_id: "none", content: "x" }] },
    ],
    ["functions", { functions: [{ name: "f" }] }],
    ["function_call", { function_call: "auto" }],
    ["tools[0].type", { tools: [{ type: "shell" }] }],
    ["tools[0].function.name", { tools: [{ type: "function", function: { name: "a b" } }] }],
    ["tool_choice", { tool_choice: { type: "custom", custom: { name: "f" } } }],
    ["n", { n: 2 }],
    ["logprobs", { logprobs: true }],
    ["top_logprobs", { top_logprobs: 3 }],
    ["modalities[1]", { modalities: ["text", "audio"] }],
    ["audio", { audio: { format: "mp3", voice: "alloy" } }],
    ["prediction", { prediction: { type: "content", content: "x" } }],
    ["web_search_options", { web_search_options: {} }],
    ["stop", { stop: ["a", "b", "c", "d", "e"] }],
    ["response_format.type", { response_format: { type: "xml" } }],
    ["response_format.json_schema", { response_format: { type: "json_schema" } }],
    ["max_tokens", { max_tokens: 1, max_completion_tokens: 1 }],
    ["stream_options", { stream_options: { include_usage: true } }],
    ["temperature", { temperature: 3 }],
    ["logit_bias", { logit_bias: { "50256": -100 } }],
  ])("names %s", async (param, wrong) => {
    const body = { model: "default", messages: said, ...wrong };
    const { status, body: answered } = await client.post(PATH, { body });
    expect({ status, param: answered.error.param, error: answered.error.message }).toEqual({
      status: 400,
      param,
      error: expect.stringContaining(param),
    });
  });

  it("is too large", async () => {
    const { status, body } = await create(client, [user("Hi"), user("x".repeat(4 * 1024 * 1024))]);
    expect({ status, param: body.error.param }).toEqual({ status: 413, param: "messages" });
  });
});

describe("a stored completion", () => {
  it("is a session of one turn, found wherever sessions are", async () => {
    const client = new Client(openai("echo"));
    const { body } = await create(client, "A walrus", { store: true, metadata: { topic: "sea" } });
    expect(body.id).toMatch(/^chatcmpl-\d+_[0-9a-z]{12}$/);
    expect((await client.get(`${PATH}/${body.id}`)).body).toEqual(body);
    const { body: session } = await client.get(`/sessions/${body.id}`);
    expect(session).toMatchObject({ turns: 1, metadata: { topic: "sea" } });
    const { body: found } = await client.get("/search?q=walrus");
    expect(found.data[0].session_id).toBe(body.id);
  });

  it("tells what it was asked with, by pages", async () => {
    const client = new Client(openai("echo"));
    const parts = [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: "https://a.test/a.png" } },
    ];
    const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
    const { body } = await create(
      client,
      [
        { role: "system", content: "Be kind." },
        user(parts),
        { role: "assistant", content: "Wait.", reasoning_content: "Hm.", tool_calls: [call] },
        { role: "tool", tool_call_id: "c", content: "A cat." },
        { role: "assistant", content: "A", refusal: "No." },
        user("Hi"),
      ],
      { store: true },
    );
    const path = `${PATH}/${body.id}/messages`;
    const { body: list } = await client.get(path);
    const blank = { refusal: null, content_parts: null };
    expect(list).toEqual({
      object: "list",
      first_id: `${body.id}-0`,
      last_id: `${body.id}-5`,
      has_more: false,
      data: [
        { ...blank, id: `${body.id}-0`, role: "system", content: "Be kind." },
        {
          ...blank,
          id: `${body.id}-1`,
          role: "user",
          content: "What is this?",
          content_parts: parts,
        },
        {
          ...blank,
          id: `${body.id}-2`,
          role: "assistant",
          content: "Wait.",
          reasoning_content: "Hm.",
          tool_calls: [call],
        },
        { ...blank, id: `${body.id}-3`, role: "tool", content: "A cat.", tool_call_id: "c" },
        {
          id: `${body.id}-4`,
          role: "assistant",
          content: "A",
          refusal: "No.",
          content_parts: [{ type: "text", text: "A" }],
        },
        { ...blank, id: `${body.id}-5`, role: "user", content: "Hi" },
      ],
    });
    const { body: page } = await client.get(`${path}?limit=2&order=desc&after=${body.id}-4`);
    expect(page.data.map(({ id }: { id: string }) => id)).toEqual([`${body.id}-3`, `${body.id}-2`]);
    expect(page.has_more).toBe(true);
  });

  it("is listed by age, model and metadata", async () => {
    const client = new Client(openai("echo", { MODEL: "openai/echo,local" }));
    const made: string[] = [];
    for (const [index, model] of ["openai/echo", "local", "openai/echo"].entries()) {
      const metadata = { even: String(index % 2 === 0), index: String(index) };
      const { body } = await client.post(PATH, {
        at: Date.now() + index,
        body: { model, messages: [user(`Hi ${index}`)], store: true, metadata },
      });
      made.push(body.id);
    }
    await client.ask("Hi", { session_id: "chatcmpl-mine" });
    await client.post("/v1/responses", { body: { input: "Hi" } });
    const ids = async (query: string) => {
      const { body } = await client.get(`${PATH}${query}`);
      return { ids: body.data.map(({ id }: { id: string }) => id), has_more: body.has_more };
    };
    const [first, second, third] = made as [string, string, string];
    expect(await ids("")).toEqual({ ids: made, has_more: false });
    expect(await ids("?order=desc&limit=2")).toEqual({ ids: [third, second], has_more: true });
    expect(await ids(`?after=${first}&limit=2`)).toEqual({ ids: [second, third], has_more: false });
    expect((await ids("?model=echo")).ids).toEqual([first, third]);
    expect((await ids("?model=openai/echo")).ids).toEqual([first, third]);
    expect((await ids("?model=gpt-5")).ids).toEqual([]);
    expect((await ids("?metadata[even]=true&metadata[index]=2")).ids).toEqual([third]);
    const { body } = await client.get(`${PATH}?limit=1`);
    expect(body.data[0]).toEqual((await client.get(`${PATH}/${first}`)).body);
    expect((await client.get(`${PATH}?after=none`)).body.error.param).toBe("after");
    const passedOver = await client.fetch("GET", `${PATH}?mood=good`);
    expect([passedOver.status, passedOver.headers.get("x-ignored-fields")]).toEqual([200, "mood"]);
  });

  it("is read where it lies once it is archived, and not listed any more", async () => {
    const client = new Client(openai("echo"));
    const { body } = await create(client, "Hi", { store: true, metadata: { a: "1" } });
    await client.post(`/sessions/${body.id}/archive`);
    expect((await client.get(`${PATH}/${body.id}`)).body).toEqual(body);
    expect((await client.get(`${PATH}/${body.id}/messages`)).body.data).toHaveLength(1);
    expect((await client.get(PATH)).body.data).toEqual([]);
    expect((await client.get(`/sessions/${body.id}`)).body.status).toBe("archived");
  });

  it("goes along with an export, and comes with an import that makes sense", async () => {
    const client = new Client(openai("echo"));
    const { body } = await create(client, "Hi", { store: true, metadata: { a: "1" } });
    const lines = await (await client.fetch("GET", "/export")).text();
    const other = new Client(openai("echo"));
    expect((await other.post("/import", { body: lines })).body).toMatchObject({ sessions: 1 });
    expect((await other.get(`${PATH}/${body.id}`)).body).toEqual(body);
    expect((await other.get(PATH)).body.data).toEqual([body]);
    const odd = [
      line("session", { format: 6, session_id: "chatcmpl-odd", turns: 1 }),
      line("turn", { input: "Hi", output: "Hi", extra: { response: { settings: "nonsense" } } }),
    ];
    expect(await other.post("/import", { body: odd.join("") })).toMatchObject({
      status: 422,
      body: { code: "import_rejected" },
    });
  });

  it("is erased, unless it is held", async () => {
    const client = new Client(openai("echo"));
    const { body } = await create(client, "Hi", { store: true });
    const path = `${PATH}/${body.id}`;
    const hold = (reason: string | null) =>
      client.call("PATCH", `/sessions/${body.id}`, { body: { hold: reason } });
    await hold("a lawsuit");
    expect(await client.call("DELETE", path)).toMatchObject({
      status: 409,
      body: { error: { code: "session_held" } },
    });
    await hold(null);
    expect((await client.call("DELETE", path)).body).toEqual({
      id: body.id,
      object: "chat.completion.deleted",
      deleted: true,
    });
    for (const method of ["GET", "DELETE"])
      expect(await client.call(method, path)).toMatchObject({
        status: 404,
        body: { error: { code: "completion_not_found" } },
      });
    expect((await client.get(`/sessions/${body.id}`)).status).toBe(404);
  });

  it("is made once for an Idempotency-Key, and again where it failed", async () => {
    const client = new Client(openai("echo"));
    const headers = { "idempotency-key": "once" };
    const broken = new Client(openai("fail"), client.account);
    expect((await create(broken, "Hi", { store: true }, headers)).status).toBe(502);
    const { body: failed } = await client.get("/sessions");
    const first = await create(client, "Hi", { store: true }, headers);
    expect(first.body.id).toBe(failed.data[0].session_id);
    const again = await create(client, "Hi", { store: true }, headers);
    expect(again.body).toEqual(first.body);
    const other = await create(client, "Ho", { store: true }, headers);
    expect(other).toMatchObject({ status: 400, body: { error: { code: "idempotency_mismatch" } } });
  });

  it("is its user's, and no session that the user goes on with", async () => {
    const ann = (await keyHolder(OWN, undefined, { user_id: "ann" })).client;
    const bob = (await keyHolder(OWN, ann.account, { user_id: "bob" })).client;
    const { body } = await create(ann, "Hi", { store: true });
    expect((await ann.get(PATH)).body.data).toEqual([body]);
    expect((await bob.get(PATH)).body.data).toEqual([]);
    const path = `${PATH}/${body.id}`;
    for (const [method, more] of [
      ["GET", {}],
      ["POST", { body: { metadata: {} } }],
      ["DELETE", {}],
    ] as const)
      expect((await bob.call(method, path, more)).status).toBe(404);
    const { body: next } = await ann.ask("Hi");
    expect(next.session_id).not.toBe(body.id);
    expect((await ann.ask("Hi")).body.session_id).toBe(next.session_id);
  });

  it("is nothing that another session is", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "chatcmpl-mine" });
    for (const path of ["chatcmpl-mine", "chatcmpl-mine/messages"])
      expect((await client.get(`${PATH}/${path}`)).status).toBe(404);
    expect((await client.call("DELETE", `${PATH}/chatcmpl-mine`)).status).toBe(404);
    expect((await client.get("/sessions/chatcmpl-mine")).status).toBe(200);
  });
});
