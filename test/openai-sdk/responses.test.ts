import { APIError, BadRequestError, NotFoundError } from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import type { ResponseCreateParamsNonStreaming } from "openai/resources/responses/responses";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { conforms, freshAccount, openai } from "./client.ts";
import { checked, eventsOf, textIn, WEATHER } from "./events.ts";

interface Shown {
  role: string;
  content: unknown;
}

/** What a model of the name `record` was shown. */
const shown = (response: { output_text: string }) => JSON.parse(response.output_text) as Shown[];

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe("a response", () => {
  it("is made of a text, and of items", async () => {
    const client = openai();
    const model = "openai/record";
    const plain = checked(await client.responses.create({ model, input: "Hi" }));
    expect(plain).toMatchObject({ object: "response", status: "completed", model, error: null });
    expect(plain.completed_at).toBeGreaterThanOrEqual(plain.created_at);
    expect(shown(plain)).toEqual([{ role: "user", content: "Hi" }]);
    const items = await client.responses.create({
      model,
      input: [
        { role: "developer", content: "Be kind." },
        { role: "user", content: [{ type: "input_text", text: "Who am I?" }] },
        { type: "message", role: "assistant", content: "Alice." },
        { role: "user", content: "Who else?" },
      ],
    });
    expect(shown(checked(items)).map(({ role }) => role)).toEqual([
      expect.stringMatching(/system|developer/),
      "user",
      "assistant",
      "user",
    ]);
    expect(shown(items).at(-1)).toMatchObject({ content: "Who else?" });
  });

  it("is not given the instructions of the one before it", async () => {
    const client = openai();
    const model = "openai/record";
    const first = await client.responses.create({ model, input: "1", instructions: "Be brief." });
    expect(first.instructions).toBe("Be brief.");
    expect(JSON.stringify(shown(first)[0])).toContain("Be brief.");
    const previous_response_id = first.id;
    const second = await client.responses.create({ model, input: "2", previous_response_id });
    expect(checked(second).instructions).toBeNull();
    expect(second).toMatchObject({ previous_response_id });
    expect(shown(second).map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  it("tells each setting that it was asked with, then and later", async () => {
    const client = openai();
    const settings = {
      instructions: "Be brief.",
      max_output_tokens: 50,
      max_tool_calls: 3,
      metadata: { topic: "x" },
      parallel_tool_calls: false,
      prompt_cache_key: "p",
      reasoning: { effort: "low", summary: "auto" },
      safety_identifier: "s",
      service_tier: "default",
      temperature: 0.5,
      text: {
        format: {
          type: "json_schema",
          name: "answer",
          description: "An answer.",
          strict: true,
          schema: {
            type: "object",
            properties: { answer: { type: "string" } },
            required: ["answer"],
            additionalProperties: false,
          },
        },
        verbosity: "low",
      },
      tool_choice: "none",
      tools: [WEATHER],
      top_logprobs: 2,
      top_p: 0.9,
      truncation: "auto",
      user: "u",
    } satisfies Omit<ResponseCreateParamsNonStreaming, "input">;
    const made = checked(
      await client.responses.create({ model: "local", input: "1 + 1", ...settings }),
    );
    expect(made).toMatchObject({ ...settings, background: false, model: "local" });
    const { output_text: _, _request_id, ...resource } = made;
    const told = checked(await client.responses.retrieve(made.id));
    expect(told).toMatchObject({ ...resource });
    const choice = { type: "function" as const, name: WEATHER.name };
    for (const tool_choice of [
      choice,
      "required" as const,
      { type: "allowed_tools" as const, mode: "auto" as const, tools: [choice] },
    ]) {
      const chosen = { model: "local", input: "Hi", tools: [WEATHER], tool_choice };
      expect(checked(await client.responses.create(chosen)).tool_choice).toEqual(tool_choice);
    }
  });

  it("passes settings, tools and formats on to the model's provider", async () => {
    const client = openai();
    const response = await client.responses.create({
      model: "openai/raw",
      input: "Hi",
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      max_output_tokens: 50,
      tools: [WEATHER],
      tool_choice: "none",
      text: { format: { type: "json_object" } },
    } as ResponseCreateParamsNonStreaming);
    expect(JSON.parse(response.output_text)).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      max_tokens: 50,
      tools: [{ type: "function", function: { name: "get_weather" } }],
      tool_choice: "none",
      response_format: { type: "json_object" },
    });
  });

  it("shows the model pictures", async () => {
    const client = openai();
    const input = [
      {
        role: "user" as const,
        content: [
          { type: "input_text" as const, text: "What is this?" },
          { type: "input_image" as const, image_url: PIXEL, detail: "low" as const },
        ],
      },
    ];
    const first = await client.responses.create({ model: "openai/record", input });
    const parts = [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: PIXEL } },
    ];
    expect(shown(checked(first))).toMatchObject([{ role: "user", content: parts }]);
    const second = await client.responses.create({
      model: "openai/record",
      input: "And now?",
      previous_response_id: first.id,
    });
    expect(shown(second)[0]).toMatchObject({ role: "user", content: parts });
    const { data } = await client.responses.inputItems.list(first.id);
    expect(data).toMatchObject([{ role: "user", content: input[0]?.content }]);
  });

  it("is parsed by the schema that it was asked by", async () => {
    const client = openai();
    const answer = z.object({ answer: z.string() });
    const text = { format: zodTextFormat(answer, "answer") };
    const input = "What is the answer?";
    const parsed = await client.responses.parse({ model: "openai/json", input, text });
    expect(parsed.output_parsed).toEqual({ answer: "42" });
    const person = z.object({ name: z.string(), age: z.number(), tags: z.array(z.string()) });
    const local = await client.responses.parse({
      model: "local",
      input: "Alice is 30.",
      text: { format: zodTextFormat(person, "person") },
    });
    expect(person.safeParse(local.output_parsed)).toMatchObject({ success: true });
    checked(await client.responses.retrieve(local.id));
  });

  it("has what the model thought, and what it cost", async () => {
    const client = openai();
    const asked = { model: "openai/reason", input: "Hi" };
    const { output, usage } = checked(await client.responses.create(asked));
    expect(output).toMatchObject([
      { type: "reasoning", summary: [{ type: "summary_text", text: "Let me think." }] },
      { type: "message", content: [{ text: "You said: Hi" }] },
    ]);
    expect(usage).toEqual({
      input_tokens: 7,
      input_tokens_details: { cached_tokens: 2, cache_write_tokens: 0 },
      output_tokens: 3,
      output_tokens_details: { reasoning_tokens: 1 },
      total_tokens: 10,
    });
  });

  it("is incomplete where the model was cut off", async () => {
    const client = openai();
    const cut = checked(await client.responses.create({ model: "openai/length", input: "Hi" }));
    expect(cut).toMatchObject({
      status: "incomplete",
      completed_at: null,
      incomplete_details: { reason: "max_output_tokens" },
      output: [{ type: "message", status: "incomplete" }],
    });
    const limited = {
      model: "local",
      input: "Repeat: " + "word ".repeat(40),
      max_output_tokens: 16,
    };
    expect(checked(await client.responses.create(limited))).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    const next = { model: "openai/count", input: "Go on", previous_response_id: cut.id };
    expect((await client.responses.create(next)).output_text).toBe("3 messages");
  });

  it("that no model gives is an error, and kept as one", async () => {
    const client = openai(freshAccount(), { maxRetries: 0 });
    const { id: conversation } = await client.conversations.create();
    // Failures that stand in a row would have nobody ask this service any more.
    await client.responses.create({ model: "openai/echo", input: "Hi", store: false });
    const failing = client.responses.create({ model: "openai/fail", input: "Hi", conversation });
    await expect(failing).rejects.toMatchObject({
      status: 502,
      type: "server_error",
      code: "model_failed",
    });
    const next = await client.responses.create({
      model: "openai/count",
      input: "And now?",
      conversation,
    });
    expect(next.output_text).toBe("1 messages");
    const { data } = await client.conversations.items.list(conversation);
    expect(data).toHaveLength(2);
  });

  it.each([
    ["400", { status: 400, code: "context_length_exceeded" }, "The provider takes no such request"],
    ["429", { status: 429, code: "context_length_exceeded" }, "The provider takes no such request"],
    ["401", { status: 502, code: "provider_refused_key" }, "the operator has to set a valid key"],
  ])("that a provider answers with %s is what the provider said", async (name, said, words) => {
    const client = openai(freshAccount(), { maxRetries: 0 });
    const asked = { model: `openai/status-${name}`, input: "Hi" };
    const error = await client.responses.create(asked).catch((thrown: unknown) => thrown);
    if (!(error instanceof APIError)) throw error;
    expect(error).toMatchObject(said);
    expect(error.message).toContain(words);
    expect(error.headers?.get("retry-after")).toBe(name === "429" ? "7" : null);
    const events = [];
    for await (const event of await client.responses.create({ ...asked, stream: true }))
      events.push(event);
    const codes = { "400": "invalid_prompt", "429": "rate_limit_exceeded", "401": "server_error" };
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { error: { code: codes[name as "400"] } },
    });
  });

  it("may be a refusal, or nothing at all, and is complete", async () => {
    const client = openai();
    const refused = checked(await client.responses.create({ model: "openai/refuse", input: "Hi" }));
    expect(refused).toMatchObject({
      status: "completed",
      output: [{ type: "message", content: [{ type: "refusal", refusal: "I would rather not." }] }],
    });
    const empty = checked(await client.responses.create({ model: "openai/empty", input: "Hi" }));
    expect(empty).toMatchObject({
      status: "completed",
      output: [{ type: "message", content: [{ type: "output_text", text: "" }] }],
    });
  });

  it("takes what newer clients send, tells back what OpenAI tells back, and names the rest", async () => {
    const client = openai();
    const told = {
      access_programs: { cyber: "standard" },
      image: { quality: "low" },
      prompt_cache_options: { mode: "implicit", ttl: "30m" },
      prompt_cache_retention: "24h" as const,
      service_tier: "fast" as const,
    };
    const untold = {
      background_options: {},
      client_metadata: { app: "x" },
      context_management: [{ type: "compaction", compact_threshold: 1_000 }],
      moderation: { model: "omni" },
    };
    const asked = {
      model: "local",
      input: [{ role: "user", content: [{ type: "input_text", text: "Hi", mood: "good" }] }],
      reasoning: { effort: "max", context: "all_turns" },
      tools: null,
      surprise: true,
      ...told,
      ...untold,
    } as unknown as ResponseCreateParamsNonStreaming;
    const { data, response } = await client.responses.create(asked).withResponse();
    expect(response.headers.get("x-ignored-fields")).toBe("input[0].content[0].mood, surprise");
    expect(data).toMatchObject({ ...told, reasoning: { effort: "max", context: "all_turns" } });
    const again = await client.responses.retrieve(data.id);
    expect(again).toMatchObject(told);
  });

  it("takes what says nothing, and what only says how it is told", async () => {
    const client = openai();
    const response = await client.responses.create({
      model: "local",
      input: "Hi",
      conversation: null,
      previous_response_id: null,
      instructions: null,
      metadata: null,
      include: ["reasoning.encrypted_content", "message.input_image.image_url"],
      background: false,
      max_output_tokens: null,
      temperature: null,
      top_p: null,
      truncation: "disabled",
      prompt_cache_retention: "24h",
      service_tier: "auto",
      store: null,
      stream: null,
      stream_options: null,
    });
    expect(checked(response)).toMatchObject({ store: true, metadata: {}, temperature: 1 });
    const include = ["reasoning.encrypted_content", "web_search_call.results"] as const;
    const told = await client.responses.retrieve(response.id, { include: [...include] });
    expect(told.output).toEqual(response.output);
    const items = await client.responses.inputItems.list(response.id, { include: [...include] });
    expect(items.data).toHaveLength(1);
    const stream = await client.responses.retrieve(response.id, {
      stream: true,
      include: [...include],
      include_obfuscation: false,
    });
    expect((await eventsOf(stream)).at(-1)?.type).toBe("response.completed");
  });
});

describe("what is asked of the context alone", () => {
  it("counts the tokens of it", async () => {
    const client = openai();
    const { inputTokens } = client.responses;
    const few = await inputTokens.count({ model: "local", input: "Hi" });
    expect(few).toMatchObject({ object: "response.input_tokens" });
    expect(few.input_tokens).toBeGreaterThan(0);
    const first = await client.responses.create({ model: "local", input: "word ".repeat(200) });
    const more = await inputTokens.count({
      model: "local",
      input: "Hi",
      previous_response_id: first.id,
    });
    expect(more.input_tokens).toBeGreaterThan(few.input_tokens + 100);
    const tools = await inputTokens.count({ model: "local", input: "Hi", tools: [WEATHER] });
    expect(tools.input_tokens).toBeGreaterThan(few.input_tokens);
    const instructed = { model: "local", input: "Hi", instructions: "word ".repeat(50) };
    expect((await inputTokens.count(instructed)).input_tokens).toBeGreaterThan(40);
  });

  it("is compacted by a model that is named, always into a compaction", async () => {
    const client = openai();
    const asked = { input: [{ role: "user" as const, content: "Hello" }] };
    const compacted = await client.responses.compact({ model: "local", ...asked });
    conforms("CompactResource", compacted);
    expect(compacted.output.map(({ type }) => type)).toEqual(["compaction", "message"]);
    expect(compacted.usage.total_tokens).toBeGreaterThan(0);
    await expect(client.responses.compact(asked as never)).rejects.toMatchObject({
      status: 400,
      param: "model",
    });
  });

  it("knows each model by the names that requests take", async () => {
    const client = openai();
    for (const name of ["default", "local", "openai/echo", "echo", "gpt-5.2"])
      expect(await client.models.retrieve(name)).toMatchObject({ id: name, object: "model" });
    await expect(client.models.retrieve("none")).rejects.toMatchObject({ status: 404 });
  });

  it("compacts it into what a new chain begins with", async () => {
    const client = openai();
    const first = await client.responses.create({ model: "local", input: "My name is Alice." });
    const compacted = await client.responses.compact({
      model: "local",
      input: "Let us go on.",
      previous_response_id: first.id,
    });
    conforms("CompactResource", compacted);
    expect(compacted.output.map(({ type }) => type)).toEqual(["compaction", "message"]);
    const next = await client.responses.create({
      model: "openai/record",
      input: [...compacted.output, { role: "user", content: "What is my name?" }] as never,
    });
    expect(JSON.stringify(shown(checked(next)))).toContain("Alice");
    expect(shown(next).at(-1)).toEqual({ role: "user", content: "What is my name?" });
    const { data } = await client.responses.inputItems.list(next.id, { order: "asc" });
    expect(data.map(({ type }) => type)).toEqual(["compaction", "message", "message"]);
    const again = await client.responses.compact({
      model: "openai/echo",
      input: [...compacted.output, { role: "user", content: "More." }] as never,
    });
    conforms("CompactResource", again);
    expect(again.output.map(({ type }) => type)).toEqual(["compaction", "message"]);
  });
});

describe("a request that is wrong", () => {
  it("is refused with the name of what is wrong", async () => {
    const client = openai();
    const first = await client.responses.create({ model: "local", input: "Hi" });
    const { id } = await client.conversations.create();
    const wrong: [object, string][] = [
      [{ conversation: id, previous_response_id: first.id }, "previous_response_id"],
      [{ max_output_tokens: 15 }, "max_output_tokens"],
      [{ prompt: { id: "pmpt_1" } }, "prompt"],
      [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
      [{ tools: [WEATHER, { type: "file_search", vector_store_ids: ["v"] }] }, "tools[1].type"],
      [{ tool_choice: { type: "web_search" } }, "tool_choice"],
      [{ temperature: 3 }, "temperature"],
      [{ previous_response_id: "none" }, "previous_response_id"],
      [{ store: false, background: true }, "store"],
      [{ input: [{ type: "computer_call", id: "c" }] }, "input[0].call_id"],
      [{ input: [{ type: "weather_call", id: "w" }] }, "input[0].type"],
      [{ input: "" }, "input"],
      [
        {
          input: [
            { role: "user", content: "Hi" },
            { type: "function_call_output", call_id: "none", output: "x" },
          ],
        },
        "input",
      ],
    ];
    for (const [more, param] of wrong) {
      const refused = client.responses.create({ model: "local", input: "Hi", ...more });
      const error = await refused.catch((thrown: unknown) => thrown);
      const told = error instanceof BadRequestError ? error.param : error;
      expect({ more, told }).toEqual({ more, told: param });
    }
  });

  it("names what does not exist", async () => {
    const client = openai();
    const ask = (more: object) =>
      client.responses.create({ model: "local", input: "Hi", ...more }).catch((error) => error);
    expect(await ask({ conversation: "none" })).toBeInstanceOf(NotFoundError);
    const theirs = "resp_68a1f2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607";
    for (const previous_response_id of ["resp_zzzzz", theirs, "x"]) {
      expect(await ask({ previous_response_id })).toMatchObject({
        status: 400,
        code: "previous_response_not_found",
        param: "previous_response_id",
      });
    }
    expect(await ask({ model: "gpt-none" })).toMatchObject({
      status: 404,
      code: "model_not_found",
      param: "model",
    });
    expect(await ask({ input: [{ type: "item_reference", id: "msg_none_0" }] })).toMatchObject({
      status: 404,
      code: "item_not_found",
      param: "input[0].id",
    });
    expect(await ask({ model: "gpt-none", stream: true })).toMatchObject({ status: 404 });
    for (const id of ["resp_zzzzz", "none"]) {
      await expect(client.responses.retrieve(id)).rejects.toThrow(NotFoundError);
      await expect(client.responses.delete(id)).rejects.toThrow(NotFoundError);
      await expect(client.responses.cancel(id)).rejects.toThrow(NotFoundError);
      await expect(client.responses.inputItems.list(id)).rejects.toThrow(NotFoundError);
      await expect(client.responses.retrieve(id, { stream: true })).rejects.toThrow(NotFoundError);
    }
    const other = await openai().responses.create({ model: "local", input: "Hi" });
    await expect(client.responses.retrieve(other.id)).rejects.toThrow(NotFoundError);
    expect(await ask({ previous_response_id: other.id })).toMatchObject({ status: 400 });
  });

  it("is refused where it is too much", async () => {
    const client = openai();
    const ask = (more: object) =>
      client.responses.create({ model: "local", ...more }).catch((error) => error);
    const code = "message_too_large";
    expect(await ask({ input: "x".repeat(4 * 1024 * 1024 + 1) })).toMatchObject({
      status: 413,
      code,
      param: "input",
    });
    const items = Array.from({ length: 6 }, () => ({
      role: "user",
      content: "x".repeat(700 * 1024),
    }));
    expect(await ask({ input: items })).toMatchObject({ status: 413, code, param: "input" });
    expect(await ask({ input: "\uD800" })).toMatchObject({
      status: 400,
      param: "input[0].content",
    });
  });

  it("takes whatever text there is, and tells it as it was", async () => {
    const client = openai();
    const input =
      "\u0000\u0001[] \u202Eabc \u{1F469}\u200D\u{1F4BB} \r\n <b>'\"\\ data: x\n\nevent: y";
    const made = await client.responses.create({ model: "openai/echo", input });
    expect(made.output_text).toBe(`You said: ${input}`);
    const { data } = await client.responses.inputItems.list(made.id);
    expect(data).toMatchObject([{ content: [{ type: "input_text", text: input }] }]);
    expect((await client.responses.retrieve(made.id)).output_text).toBe(made.output_text);
    const stream = await client.responses.retrieve(made.id, { stream: true });
    expect(textIn(await eventsOf(stream))).toBe(made.output_text);
  });

  it("takes other names of a model", async () => {
    const client = openai();
    const ask = (model: string) => client.responses.create({ model, input: "Hi" });
    expect(await ask("gpt-5.2")).toMatchObject({ output_text: "You said: Hi" });
    expect(await ask("echo")).toMatchObject({ model: "openai/echo" });
    expect(await ask("default")).toMatchObject({ status: "completed" });
    const bare = await client.responses.create({ input: "Hi" });
    expect(checked(bare).status).toBe("completed");
  });
});
