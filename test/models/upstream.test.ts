import { describe, expect, it } from "vitest";
import type { ModelRequest, ModelSettings } from "../../src/models/model.ts";
import { upstreamModel } from "../../src/models/upstream.ts";
import { type Answer, fetchThat, neverAnswers, rejectionOf, requestOf } from "./stand-ins.ts";

const URL_OF_IT = "https://upstream.test/query?key=s3cret";

const NOW = { type: "function" as const, name: "now" };

function against(answer: Answer) {
  const { send, sent } = fetchThat(answer);
  return { model: upstreamModel(URL_OF_IT, send), sent };
}

describe("the upstream model", () => {
  it("posts the newest user message alone, with account and session", async () => {
    const { model, sent } = against(() =>
      Response.json({ success: true, response: "Hi", extra: 1 }),
    );
    const deltas: string[] = [];
    const reply = await model.respond(
      requestOf(["first", "second"], { onDelta: (text) => deltas.push(text) }),
    );

    expect(reply).toEqual({ text: "Hi", model: "upstream" });
    expect(deltas).toEqual(["Hi"]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      method: "POST",
      redirect: "manual",
      body: { query: "second", accountId: "acme", session_id: "s1" },
    });
  });

  it("is sent the history: in a field, or as text before the query", async () => {
    const messages: ModelRequest["messages"] = [
      { role: "system", content: "Be kind." },
      { role: "user", content: "My name is Alice" },
      { role: "assistant", content: "Hello Alice" },
      { role: "user", content: "What is my name?" },
    ];
    const { model, sent } = against(() => Response.json({ response: "Alice" }));
    await model.respond(requestOf([], { messages }));
    expect(sent[0]?.body).toMatchObject({ query: "What is my name?", messages });
    const other = fetchThat(() => Response.json({ response: "Alice" }));
    await upstreamModel(URL_OF_IT, other.send, "transcript").respond(requestOf([], { messages }));
    expect(other.sent[0]?.body).toEqual({
      query: "user: My name is Alice\nassistant: Hello Alice\nuser: What is my name?",
      accountId: "acme",
      session_id: "s1",
    });
  });

  it.each<[string, Partial<ModelRequest>]>([
    ["takes no tools", { settings: { tools: [NOW] } }],
    ["takes no tools", { settings: { tools: [NOW], tool_choice: "required" } }],
    [
      "takes no tools, and no format to answer in",
      { settings: { format: { type: "json_object" } } },
    ],
    [
      "takes no pictures and files",
      {
        messages: [
          { role: "user", content: "", parts: [{ type: "input_image", image_url: "https://a.b" }] },
        ],
      },
    ],
  ])("%s, and is not asked", async (why, more) => {
    const { model, sent } = against(() => Response.json({ response: "Hi" }));
    await expect(model.respond(requestOf(["x"], more))).rejects.toMatchObject({
      name: "ModelError",
      message: `upstream ${why}`,
      retryable: false,
    });
    expect(sent).toEqual([]);
  });

  it("is asked where no tool may be called anyway", async () => {
    const { model } = against(() => Response.json({ response: "Hi" }));
    const settings: ModelSettings = { tools: [NOW], tool_choice: "none", temperature: 1 };
    expect((await model.respond(requestOf(["x"], { settings }))).text).toBe("Hi");
  });

  it.each([
    [400, false, "provider_invalid_request"],
    [401, false, "provider_refused_key"],
    [404, false, "provider_not_found"],
    [408, true, "model_failed"],
    [429, true, "provider_rate_limited"],
    [500, true, "model_failed"],
    [503, true, "model_failed"],
  ])(
    "fails on status %i, retryable: %j, as %s, and quotes neither body nor URL",
    async (status, retryable, code) => {
      const { model } = against(() => new Response("prompt and s3cret", { status }));
      const error = await rejectionOf(model.respond(requestOf(["x"])));
      expect(error).toMatchObject({ name: "ModelError", code, retryable });
      expect(String(error)).toMatch(/^ModelError: upstream .*with status \d+$/);
    },
  );

  it("follows no redirect", async () => {
    const { model, sent } = against(
      () => new Response(null, { status: 307, headers: { location: "https://elsewhere.test/" } }),
    );
    await expect(model.respond(requestOf(["x"]))).rejects.toMatchObject({
      code: "model_failed",
      retryable: false,
    });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["no JSON", () => new Response("<html>"), true],
    ["no object", () => Response.json(null), false],
    ["no response", () => Response.json({ answer: "x" }), false],
    ["a response that is no text", () => Response.json({ response: 1 }), false],
    [
      "an answer that says it failed",
      () => Response.json({ success: false, response: "x" }),
      false,
    ],
    ["an empty answer", () => Response.json({ response: " \n" }), true],
    ["no body", () => new Response(null), true],
  ])("takes %s for a failure", async (_, answer, retryable) => {
    await expect(against(answer).model.respond(requestOf(["x"]))).rejects.toMatchObject({
      name: "ModelError",
      code: "model_failed",
      retryable,
    });
  });

  it("stops reading past 1 MiB", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const { model } = against(() => new Response(endless));
    await expect(model.respond(requestOf(["x"]))).rejects.toMatchObject({
      code: "model_failed",
      retryable: false,
    });
    expect(pulled).toBeLessThan(40);
  });

  it("says that a service which is not there could not be reached", async () => {
    const { model } = against(() =>
      Promise.reject(new TypeError("Network connection lost to 10.0.0.1")),
    );
    await expect(model.respond(requestOf(["x"]))).rejects.toMatchObject({
      message: "upstream could not be reached",
      retryable: true,
    });
  });

  it("ends with the signal", async () => {
    const controller = new AbortController();
    const { model } = against(neverAnswers);
    const answer = model.respond(requestOf(["x"], { signal: controller.signal }));
    controller.abort();
    await expect(answer).rejects.toMatchObject({
      name: "ModelError",
      code: "model_timeout",
      retryable: false,
    });
  });
});
