import { describe, expect, it } from "vitest";

import { messagesOf } from "../../src/shared/items.ts";
import type { Item, Message, Part } from "../../src/shared/items.ts";
import { pairToolCalls } from "../../src/shared/pair-tool-calls.ts";
import { openaiModel } from "../../src/models/ai-sdk/openai.ts";
import { workersAiModel } from "../../src/models/ai-sdk/workers-ai.ts";
import type { ModelRequest, ModelSettings, ReplyPart } from "../../src/models/model.ts";
import { type Answer, bindingThat, events, fetchThat, requestOf, sse } from "./stand-ins.ts";

const OPENAI = "openai/gpt-test";
const WORKERS_AI = "workers-ai/@cf/meta/llama-test";
const PIXEL = "iVBORw0KGgo=";

function against(answer: Answer, baseURL = "https://models.test/v1") {
  const { send, sent } = fetchThat(answer);
  return { model: openaiModel(OPENAI, { baseURL }, send), sent };
}

function bound(answer: () => unknown) {
  const { binding, runs } = bindingThat(answer);
  return { model: workersAiModel(WORKERS_AI, binding), runs };
}

const whole = (message: object, more: object = {}) =>
  Response.json({
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    ...more,
  });
const piece = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const called = (id: string, name: string, args: string) => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

/** A call as Workers AI has it in its own form. */
const cancelling = (order: string) => `{"name":"cancel","arguments":{"order":${order}}}`;

/** Listens to an answer, and puts together again what it was told. */
function listener() {
  const told: (string | ReplyPart)[] = [];
  const listening: Pick<ModelRequest, "onDelta" | "onPart"> = {
    onDelta: (text) => void told.push(text),
    onPart: (part) => void told.push(part),
  };
  const items = () => {
    const made: Record<string, string>[] = [];
    for (const each of told) {
      const last = made.at(-1);
      if (typeof each === "string") {
        if (last?.["type"] === "message") last["content"] += each;
        else made.push({ type: "message", role: "assistant", content: each });
      } else if (each.type === "reasoning") {
        if (last?.["type"] === "reasoning") last["text"] += each.delta;
        else made.push({ type: "reasoning", text: each.delta });
      } else if (each.type === "call") {
        const { call_id, name } = each;
        made.push({ type: "function_call", call_id, name, arguments: "" });
      } else if (each.type === "refusal") {
        if (last?.["type"] === "refusal") last["refusal"] += each.delta;
        else made.push({ type: "refusal", refusal: each.delta });
      } else if (each.type === "seal") {
        if (last)
          last[last["type"] === "reasoning" ? "encrypted_content" : "signature"] = each.value;
      } else {
        const call = made.find(({ call_id }) => call_id === each.call_id);
        if (!call) throw new Error(`no call ${each.call_id} has begun`);
        call["arguments"] += each.delta;
      }
    }
    return made;
  };
  return { told, listening, items };
}

const WEATHER = {
  type: "function" as const,
  name: "get_weather",
  description: "The weather somewhere.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  strict: true,
};
const SCHEMA = { type: "object", properties: { answer: { type: "string" } } };

async function asked(settings: ModelSettings, baseURL?: string) {
  const { model, sent } = against(() => whole({ content: "ok" }), baseURL);
  await model.respond(requestOf(["Hi"], { settings }));
  return sent[0]?.body as Record<string, unknown>;
}

describe("what an OpenAI-compatible model is asked", () => {
  it("is nothing but the messages where nothing is set", async () => {
    expect(Object.keys(await asked({}))).toEqual(["model", "messages"]);
  });

  it("is every setting under OpenAI's name for it", async () => {
    expect(
      await asked({
        temperature: 0.5,
        top_p: 0.9,
        presence_penalty: 0.1,
        frequency_penalty: -0.1,
        max_output_tokens: 100,
        stop: ["END"],
        seed: 7,
        reasoning_effort: "minimal",
        verbosity: "low",
      }),
    ).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: -0.1,
      max_tokens: 100,
      stop: ["END"],
      seed: 7,
      reasoning_effort: "minimal",
      verbosity: "low",
    });
  });

  it("is OpenAI's own new limit where it is OpenAI, whose reasoning models refuse the old one", async () => {
    const body = await asked({ max_output_tokens: 100 }, "https://api.openai.com/v1");
    expect(body).toMatchObject({ max_completion_tokens: 100 });
    expect(body).not.toHaveProperty("max_tokens");
    expect(await asked({}, "https://api.openai.com/v1")).not.toHaveProperty(
      "max_completion_tokens",
    );
  });

  it("is tools, and which of them to call", async () => {
    const { name, description, parameters, strict } = WEATHER;
    expect(
      await asked({
        tools: [WEATHER, { type: "function", name: "now" }],
        tool_choice: { name: "now" },
        parallel_tool_calls: false,
      }),
    ).toMatchObject({
      tools: [
        { type: "function", function: { name, description, parameters, strict } },
        { type: "function", function: { name: "now", parameters: { type: "object" } } },
      ],
      tool_choice: { type: "function", function: { name: "now" } },
      parallel_tool_calls: false,
    });
    for (const tool_choice of ["none", "auto", "required"] as const)
      expect(await asked({ tools: [WEATHER], tool_choice })).toMatchObject({ tool_choice });
    expect(Object.keys(await asked({ tools: [], parallel_tool_calls: true }))).toEqual([
      "model",
      "messages",
    ]);
  });

  it("is a format: any JSON, or JSON of a schema, strict only where that is asked for", async () => {
    expect(await asked({ format: { type: "json_object" } })).toMatchObject({
      response_format: { type: "json_object" },
    });
    const format = { type: "json_schema" as const, name: "answer", schema: SCHEMA };
    expect((await asked({ format }))["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", schema: SCHEMA, strict: false },
    });
    const strict = { ...format, description: "What it says.", strict: true };
    expect((await asked({ format: strict }))["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", description: "What it says.", schema: SCHEMA, strict: true },
    });
  });

  it("is calls and results, the arguments byte for byte", async () => {
    const { model, sent } = against(() => whole({ content: "ok" }));
    const args = '{ "city":"Paris" }';
    const messages: Message[] = [
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "get_weather", arguments: args } },
        ],
      },
      { role: "tool", content: "Rain", tool_call_id: "c1" },
    ];
    await model.respond(requestOf([], { messages }));
    expect(sent[0]?.body).toMatchObject({
      messages: [
        { role: "user", content: "Weather?" },
        { role: "assistant", content: null, tool_calls: [called("c1", "get_weather", args)] },
        { role: "tool", tool_call_id: "c1", content: "Rain" },
      ],
    });
  });
});

const withParts = (...parts: Part[]): Message => ({ role: "user", content: "Look", parts });

async function shown(...parts: Part[]): Promise<unknown> {
  const { model, sent } = against(() => whole({ content: "ok" }));
  await model.respond(requestOf([], { messages: [withParts(...parts)] }));
  const body = sent[0]?.body as { messages: { content: unknown }[] } | undefined;
  return body?.messages[0]?.content;
}

describe("pictures and files", () => {
  it("are shown where they stand, a picture by its address as it was spelled", async () => {
    const data = `data:image/png;base64,${PIXEL}`;
    expect(
      await shown(
        { type: "input_text", text: "Look" },
        { type: "input_image", image_url: "https://Pics.test", detail: "low" },
        { type: "input_text", text: "" },
        { type: "input_image", image_url: data },
      ),
    ).toEqual([
      { type: "text", text: "Look" },
      { type: "image_url", image_url: { url: "https://Pics.test", detail: "low" } },
      { type: "image_url", image_url: { url: data } },
    ]);
  });

  it("are PDFs and texts as data", async () => {
    const pdf = "data:application/pdf;base64,JVBERi0=";
    expect(
      await shown(
        { type: "input_file", filename: "a.pdf", file_data: pdf },
        { type: "input_file", file_data: "JVBERi0=" },
        { type: "input_file", file_url: "data:text/plain;charset=utf-8;base64,SGk=" },
      ),
    ).toEqual([
      { type: "file", file: { filename: "a.pdf", file_data: pdf } },
      { type: "file", file: { filename: "document.pdf", file_data: pdf } },
      { type: "text", text: "Hi" },
    ]);
  });

  it.each<[string, Part]>([
    ["takes no files by id", { type: "input_image", file_id: "file-1" }],
    ["takes no files by id", { type: "input_file", file_id: "file-1" }],
    [
      "takes no files by URL; send file_data",
      { type: "input_file", file_url: "https://files.test/a.pdf" },
    ],
    [
      "takes pictures by http, https or data URL only",
      { type: "input_image", image_url: "file:///etc/passwd" },
    ],
    [
      "takes pictures by http, https or data URL only",
      { type: "input_image", image_url: "https://[secret" },
    ],
    ["takes files in Base64 only", { type: "input_file", file_data: "data:text/plain,Hi" }],
    ["takes no such file", { type: "input_file", file_data: "data:application/zip;base64,UEs=" }],
  ])("%s, which is said before anything is sent", async (why, part) => {
    const { model, sent } = against(() => whole({ content: "ok" }));
    await expect(
      model.respond(requestOf([], { messages: [withParts(part)] })),
    ).rejects.toMatchObject({
      name: "ModelError",
      message: `${OPENAI} ${why}`,
      retryable: false,
    });
    expect(sent).toEqual([]);
  });

  it("go to Workers AI as data only", async () => {
    const { model, runs } = bound(() => ({ response: "A pixel" }));
    const image_url = `data:image/png;base64,${PIXEL}`;
    await model.respond(
      requestOf([], {
        messages: [
          withParts({ type: "input_text", text: "Look" }, { type: "input_image", image_url }),
        ],
      }),
    );
    expect(runs[0]?.inputs["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image_url", image_url: { url: image_url } },
        ],
      },
    ]);
    const elsewhere = withParts({ type: "input_image", image_url: "https://pics.test/a.png" });
    await expect(model.respond(requestOf([], { messages: [elsewhere] }))).rejects.toMatchObject({
      message: `${WORKERS_AI} takes no pictures by URL; send a data URL`,
      retryable: false,
    });
  });
});

const PARIS = '{"city":"Paris"}';

const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 3,
  prompt_tokens_details: { cached_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 1 },
};

const atOnce = () =>
  whole(
    {
      reasoning_content: "Let me think.",
      content: "I look.",
      tool_calls: [called("c1", "get_weather", PARIS), called("c2", "now", "")],
    },
    { usage: USAGE },
  );

const inPieces = () =>
  sse([
    piece({ reasoning_content: "Let me " }),
    piece({ reasoning_content: "think." }),
    piece({ content: "I " }),
    piece({ content: "look." }),
    piece({ tool_calls: [{ index: 0, ...called("c1", "get_weather", "") }] }),
    piece({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
    piece({ tool_calls: [{ index: 1, ...called("c2", "now", "") }] }),
    piece({ tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] }),
    piece({}, "tool_calls"),
    { choices: [], usage: USAGE },
    "[DONE]",
  ]);

describe("what a model answers", () => {
  it.each([
    ["whole", false, atOnce],
    ["in pieces", true, inPieces],
  ] as const)(
    "%s: thoughts, text and calls in their order, and what they took",
    async (_, isStreamed, answer) => {
      const { model } = against(answer);
      const { listening, items } = listener();
      const reply = await model.respond(requestOf(["Hi"], isStreamed ? listening : {}));
      expect(reply).toEqual({
        text: "I look.",
        model: OPENAI,
        items: [
          { type: "reasoning", text: "Let me think." },
          { type: "message", role: "assistant", content: "I look." },
          { type: "function_call", call_id: "c1", name: "get_weather", arguments: PARIS },
          { type: "function_call", call_id: "c2", name: "now", arguments: "{}" },
        ],
        usage: { input_tokens: 7, output_tokens: 3, cached_tokens: 2, reasoning_tokens: 1 },
      });
      expect(items()).toEqual(isStreamed ? reply.items : []);
    },
  );

  it("tells of calls one after the other, and of their arguments as they come", async () => {
    const { listening, told } = listener();
    await against(inPieces).model.respond(requestOf(["Hi"], listening));
    expect(told).toEqual([
      { type: "reasoning", delta: "Let me " },
      { type: "reasoning", delta: "think." },
      "I ",
      "look.",
      { type: "call", call_id: "c1", name: "get_weather" },
      { type: "arguments", call_id: "c1", delta: '{"city":' },
      { type: "arguments", call_id: "c1", delta: '"Paris"}' },
      { type: "call", call_id: "c2", name: "now" },
      { type: "arguments", call_id: "c2", delta: "{}" },
    ]);
  });

  it("may be calls alone", async () => {
    const { model } = against(() =>
      whole({ content: null, tool_calls: [called("c1", "get_weather", PARIS)] }),
    );
    expect(await model.respond(requestOf(["Hi"]))).toMatchObject({
      text: "",
      items: [{ type: "function_call", call_id: "c1" }],
    });
  });

  it("may be thoughts alone", async () => {
    const { model } = against(() => whole({ content: "", reasoning_content: "Hm." }));
    expect(await model.respond(requestOf(["Hi"]))).toMatchObject({
      text: "",
      items: [{ type: "reasoning", text: "Hm." }],
    });
  });

  it("has one id for each call, also where the model gives none, or one twice", async () => {
    const ids = ["", "c1", "c1", "old", "c2"];
    const tool_calls = ids.map((id) => called(id, "now", "{}"));
    const { model } = against(() => whole({ content: "", tool_calls }));
    const messages: Message[] = [
      { role: "user", content: "x" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ ...called("old", "now", "{}"), type: "function" }],
      },
      { role: "tool", content: "12", tool_call_id: "old" },
    ];
    const { items = [] } = await model.respond(requestOf([], { messages }));
    const given = items.map((each) => (each.type === "function_call" ? each.call_id : ""));
    expect(new Set(given).size).toBe(ids.length);
    expect(given).toEqual([
      expect.stringMatching(/./),
      "c1",
      expect.stringMatching(/^call_[0-9a-f]{32}$/),
      expect.stringMatching(/^call_[0-9a-f]{32}$/),
      "c2",
    ]);
  });

  it.each([
    ["length", "max_output_tokens"],
    ["content_filter", "content_filter"],
    ["stop", undefined],
  ])("ends by %s, which is cut: %j", async (finish_reason, cut) => {
    const parts = [piece({ content: "Once upon" }), piece({}, finish_reason), "[DONE]"];
    const { model } = against(() => sse(parts));
    const reply = await model.respond(requestOf(["Hi"], { onDelta: () => {} }));
    expect([reply.text, reply.cut, reply.items]).toEqual(["Once upon", cut, undefined]);
  });

  it("leaves what was cut off as it is", async () => {
    const tool_calls = [{ index: 0, ...called("c1", "get_weather", '{"ci') }];
    const { model } = against(() => sse([piece({ tool_calls }), piece({}, "length"), "[DONE]"]));
    const { listening, items } = listener();
    const reply = await model.respond(requestOf(["Hi"], listening));
    expect(reply).toMatchObject({ cut: "max_output_tokens", items: [{ arguments: '{"ci' }] });
    expect(items()).toEqual(reply.items);
  });

  it("may say nothing where a limit was reached while it thought", async () => {
    const parts = [piece({ reasoning_content: "Hm" }), piece({}, "length"), "[DONE]"];
    const { model } = against(() => sse(parts));
    const { listening } = listener();
    const settings = { max_output_tokens: 1 };
    expect(await model.respond(requestOf(["Hi"], { ...listening, settings }))).toMatchObject({
      text: "",
      cut: "max_output_tokens",
      items: [{ type: "reasoning", text: "Hm" }],
    });
    expect(await model.respond(requestOf(["Hi"], listening))).toMatchObject({
      text: "",
      cut: "max_output_tokens",
    });
  });

  const REFUSED = {
    type: "message",
    role: "assistant",
    content: [{ type: "refusal", refusal: "I would rather not." }],
  };

  it("may be a refusal, which is told as one", async () => {
    const { model } = against(() => whole({ content: null, refusal: "I would rather not." }));
    const reply = await model.respond(requestOf(["Hi"]));
    expect(reply).toMatchObject({ text: "I would rather not.", items: [REFUSED] });
    expect(reply.cut).toBeUndefined();
  });

  it("may be a refusal in pieces, which a listener to texts alone receives as text", async () => {
    const parts = [
      piece({ content: "Well. " }),
      piece({ refusal: "I would " }),
      piece({ refusal: "rather not." }),
      piece({}, "stop"),
      "[DONE]",
    ];
    const { model } = against(() => sse(parts));
    const { listening, items } = listener();
    const reply = await model.respond(requestOf(["Hi"], listening));
    expect(reply.items).toEqual([
      { type: "message", role: "assistant", content: "Well. " },
      REFUSED,
    ]);
    expect(items()).toEqual([
      reply.items?.[0],
      { type: "refusal", refusal: "I would rather not." },
    ]);
    const texts: string[] = [];
    await model.respond(requestOf(["Hi"], { onDelta: (text) => void texts.push(text) }));
    expect(texts.join("")).toBe("Well. I would rather not.");
  });

  const GOOGLE = { google: { thought_signature: "sig-1" } };
  const THINKING = [
    { type: "thinking", thinking: "Let me ", index: 0 },
    { type: "thinking", thinking: "see.", signature: "sig-2", index: 0 },
  ];

  it.each([
    ["whole", {}],
    ["streamed", {}],
  ])("brings what the provider wants back with it, which is sent again (%s)", async (way) => {
    const call = { ...called("c1", "get_weather", PARIS), extra_content: GOOGLE };
    const { model, sent } = against(() =>
      way === "whole"
        ? whole({ content: null, thinking_blocks: THINKING.slice(1), tool_calls: [call] })
        : sse([
            piece({ reasoning_content: "Let me ", thinking_blocks: [THINKING[0]] }),
            piece({ reasoning_content: "see.", thinking_blocks: [THINKING[1]] }),
            piece({ tool_calls: [{ index: 0, ...call }] }),
            piece({}, "tool_calls"),
            "[DONE]",
          ]),
    );
    const { listening, items } = listener();
    const reply = await model.respond(
      requestOf(["Hi"], { settings: { tools: [WEATHER] }, ...(way === "whole" ? {} : listening) }),
    );
    const [reasoning, made] = reply.items ?? [];
    expect(made).toMatchObject({ type: "function_call", signature: "sig-1" });
    expect(way === "whole" ? reply.items : items()).toEqual(reply.items);
    const output = { type: "function_call_output", call_id: "c1", output: "Sunny" } as const;
    const said: Item[] = [...(reply.items ?? []), output];
    const messages = pairToolCalls(messagesOf(said, "user"));
    await model.respond(requestOf([], { messages })).catch(() => null);
    const blocks = [
      {
        type: "thinking",
        thinking: way === "whole" ? "see." : "Let me see.",
        signature: "sig-2",
        index: 0,
      },
    ];
    expect(sent[1]?.body).toMatchObject({
      messages: [
        {
          role: "assistant",
          thinking_blocks: blocks,
          tool_calls: [{ id: "c1", extra_content: GOOGLE }],
        },
        { role: "tool", content: "Sunny" },
      ],
    });
    expect(reasoning?.type).toBe("reasoning");
    // Another model would refuse it.
    const other = openaiModel(
      "openai/other",
      { baseURL: "https://openai.test/v1" },
      async (_, init) => {
        expect(JSON.stringify(init)).not.toContain("sig-2");
        return whole({ content: "Hi" });
      },
    );
    expect((await other.respond(requestOf([], { messages }))).text).toBe("Hi");
  });

  it("takes pictures and files of tools' results, which follow the results", async () => {
    const { model, sent } = against(() => whole({ content: "A cat" }));
    const PNG = "data:image/png;base64,iVBORw0KGgo=";
    const said: Item[] = [
      { type: "function_call", call_id: "c1", name: "look", arguments: "{}" },
      { type: "function_call", call_id: "c2", name: "read", arguments: "{}" },
      {
        type: "function_call_output",
        call_id: "c1",
        output: [{ type: "input_image", image_url: PNG }],
      },
      {
        type: "function_call_output",
        call_id: "c2",
        output: [
          { type: "input_text", text: "Here:" },
          { type: "input_file", filename: "a.pdf", file_data: "JVBERi0=" },
        ],
      },
    ];
    const messages = pairToolCalls(messagesOf(said, "user"));
    await model.respond(requestOf([], { messages }));
    expect(sent[0]?.body).toMatchObject({
      messages: [
        { role: "assistant" },
        { role: "tool", tool_call_id: "c1", content: "The result follows in the next message." },
        { role: "tool", tool_call_id: "c2", content: "Here:" },
        {
          role: "user",
          content: [
            { type: "text", text: "From the result of the call c1:" },
            { type: "image_url", image_url: { url: PNG } },
            { type: "text", text: "From the result of the call c2:" },
            { type: "file", file: { filename: "a.pdf" } },
          ],
        },
      ],
    });
    const { binding } = bindingThat(() => ({ response: "Hi" }));
    const byUrl = messagesOf(
      [
        ...said.slice(0, 1),
        {
          type: "function_call_output",
          call_id: "c1",
          output: [{ type: "input_image", image_url: "https://a.test/x.png" }],
        },
      ],
      "user",
    );
    await expect(
      workersAiModel("workers-ai/@cf/x", binding).respond(requestOf([], { messages: byUrl })),
    ).rejects.toMatchObject({ code: "model_unable" });
  });

  it.each(["error", "abort"])("has failed where it ends by %s", async (finish_reason) => {
    const error = { message: `${OPENAI} broke off`, retryable: true };
    const partial = against(() => sse([piece({ content: "Once" }), piece({}, finish_reason)]));
    await expect(
      partial.model.respond(requestOf(["Hi"], { onDelta: () => {} })),
    ).rejects.toMatchObject(error);
    const { model } = against(() =>
      Response.json({ choices: [{ index: 0, message: { content: "Once" }, finish_reason }] }),
    );
    await expect(model.respond(requestOf(["Hi"]))).rejects.toMatchObject(error);
  });

  it("is bounded, arguments and thoughts too", async () => {
    const long = "x".repeat(600_000);
    const { model } = against(() =>
      whole({ content: long, tool_calls: [called("c1", "now", long)] }),
    );
    await expect(model.respond(requestOf(["Hi"]))).rejects.toMatchObject({
      message: `${OPENAI} answered with more than 1048576 characters`,
      retryable: false,
    });
  });
});

describe("a Workers AI model with tools", () => {
  const settings: ModelSettings = { tools: [WEATHER], tool_choice: "auto" };

  it("is sent them, calls and results, and answers with calls", async () => {
    const { model, runs } = bound(() => ({
      response: "",
      tool_calls: [{ name: "get_weather", arguments: { city: "Paris" } }],
    }));
    const messages: Message[] = [
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ ...called("c1", "get_weather", PARIS), type: "function" }],
      },
      { role: "tool", content: "Rain", tool_call_id: "c1" },
    ];
    const reply = await model.respond(requestOf([], { messages, settings }));
    expect(reply.items).toEqual([
      {
        type: "function_call",
        call_id: expect.stringMatching(/^[^:]+$/),
        name: "get_weather",
        arguments: PARIS,
      },
    ]);
    expect(runs[0]?.inputs).toMatchObject({
      tool_choice: "auto",
      tools: [{ type: "function", function: { name: "get_weather" } }],
      messages: [
        { role: "user" },
        { role: "assistant", tool_calls: [called("c1", "get_weather", PARIS)] },
        { role: "tool", tool_call_id: "c1", content: "Rain" },
      ],
    });
  });

  it("streams calls, and what it streams is the answer", async () => {
    const { model } = bound(() =>
      events([
        { tool_calls: [{ index: 0, id: "c1", function: { name: "get_weather", arguments: "" } }] },
        { tool_calls: [{ index: 0, function: { arguments: PARIS } }] },
        { choices: [{ delta: {}, finish_reason: "tool_calls" }] },
        "[DONE]",
      ]),
    );
    const { listening, items } = listener();
    const reply = await model.respond(requestOf(["Hi"], { ...listening, settings }));
    expect(reply.items).toEqual([
      { type: "function_call", call_id: "c1", name: "get_weather", arguments: PARIS },
    ]);
    expect(items()).toEqual(reply.items);
  });

  it.each([
    ["one frame", 1],
    ["a frame each", 2],
  ])("keeps calls of a stream apart that come without an index, in %s", async (_in, frames) => {
    // One id is above 2^53. A line may come in two chunks, and the stream may end without a line end.
    const list = [cancelling("9007199254740993"), cancelling("2")];
    const groups = frames === 1 ? [list.join(",")] : list;
    const text = [
      ...groups.map((each) => `data: {"response":"","tool_calls":[${each}]}`),
      "data: [DONE]",
    ];
    const bytes = new TextEncoder().encode(text.join("\n\n"));
    const { model } = bound(() => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      void writer
        .write(bytes.slice(0, 30))
        .then(() => writer.write(bytes.slice(30)))
        .then(() => writer.close());
      return readable;
    });
    const { listening, items } = listener();
    const reply = await model.respond(requestOf(["Hi"], { ...listening, settings }));
    expect(reply.items).toMatchObject([
      { type: "function_call", name: "cancel", arguments: '{"order":9007199254740993}' },
      { type: "function_call", name: "cancel", arguments: '{"order":2}' },
    ]);
    expect(items()).toEqual(reply.items);
  });

  it.each(["", ',"arguments":null'])("takes no arguments of a stream for {}: %j", async (none) => {
    const { model } = bound(
      () =>
        new Response(
          `data: {"response":"","tool_calls":[{"name":"now"${none}}]}\n\ndata: [DONE]\n\n`,
        ).body,
    );
    const { listening, items } = listener();
    const reply = await model.respond(requestOf(["Hi"], { ...listening, settings }));
    expect(reply.items).toMatchObject([{ type: "function_call", name: "now", arguments: "{}" }]);
    expect(items()).toEqual(reply.items);
  });

  it("answers at once where it does not stream", async () => {
    const { model } = bound(() => ({ response: "", tool_calls: [{ name: "now", arguments: {} }] }));
    const { listening, items } = listener();
    const reply = await model.respond(requestOf(["Hi"], { ...listening, settings }));
    expect(reply.items).toMatchObject([{ name: "now", arguments: "{}" }]);
    expect(items()).toEqual(reply.items);
  });

  it("gets a schema for any JSON, and takes no tools beside one", async () => {
    const { model, runs } = bound(() => ({ response: '{"a":1}' }));
    const format = { type: "json_object" as const };
    await model.respond(requestOf(["Hi"], { settings: { format, max_output_tokens: 9 } }));
    expect(runs[0]?.inputs).toMatchObject({
      max_tokens: 9,
      response_format: { type: "json_schema", json_schema: { type: "object" } },
    });
    await expect(
      model.respond(requestOf(["Hi"], { settings: { ...settings, format } })),
    ).rejects.toMatchObject({
      message: `${WORKERS_AI} takes no tools where it answers in JSON`,
      retryable: false,
    });
  });
});
