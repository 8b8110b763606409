import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ModelError } from "../../src/models/model-error.ts";
import { openaiModel } from "../../src/models/ai-sdk/openai.ts";
import { workersAiModel } from "../../src/models/ai-sdk/workers-ai.ts";
import {
  type Answer,
  bindingThat,
  events,
  fetchThat,
  neverAnswers,
  rejectionOf,
  requestOf,
  sse,
} from "./stand-ins.ts";

const OPENAI = "openai/gpt-test";
const SETTINGS = { baseURL: "https://openai.test/v1", apiKey: "sk-s3cret" };

function against(answer: Answer) {
  const { send, sent } = fetchThat(answer);
  return { model: openaiModel(OPENAI, SETTINGS, send), sent };
}

const completion = (content: string) =>
  Response.json({
    id: "c1",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  });

const delta = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const FINISH = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const USAGE = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } };

const consoleCalls: unknown[][] = [];
beforeEach(() => {
  consoleCalls.length = 0;
  for (const method of ["error", "warn", "log", "info"] as const) {
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      // Jobs of other accounts log what they did meanwhile.
      if (!/^\{"event":"(purge|maintenance|job|storage)\./.test(String(args[0])))
        consoleCalls.push(args);
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  // Whatever the SDK would print may hold what was said.
  if (consoleCalls.length > 0) throw new Error(`printed: ${JSON.stringify(consoleCalls)}`);
});

/** Both ways of asking fail alike. */
const WAYS = [
  ["whole", {}],
  ["streamed", { onDelta: () => {} }],
] as const;

describe("an OpenAI-compatible model", () => {
  it("answers in one piece when no deltas are requested", async () => {
    const { model, sent } = against(() => completion("Hello"));
    const reply = await model.respond(requestOf(["Hi"]));
    expect(reply).toEqual({
      text: "Hello",
      model: OPENAI,
      usage: { input_tokens: 7, output_tokens: 3 },
    });
    expect(sent[0]?.url).toBe("https://openai.test/v1/chat/completions");
    expect(sent[0]?.headers.get("authorization")).toBe("Bearer sk-s3cret");
    expect(sent[0]?.redirect).toBe("manual");
    expect(sent[0]?.body).not.toHaveProperty("stream");
  });

  it("sends every role in its order, a developer's as system", async () => {
    const { model, sent } = against(() => completion("ok"));
    const messages = [
      { role: "system" as const, content: "Be brief." },
      { role: "user" as const, content: "Hi" },
      { role: "assistant" as const, content: "Hello" },
      { role: "developer" as const, content: "In French." },
      { role: "user" as const, content: "Who?" },
    ];
    await model.respond(requestOf([], { messages }));
    expect(sent[0]?.body).toMatchObject({
      model: "gpt-test",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello" },
        { role: "system", content: "In French." },
        { role: "user", content: "Who?" },
      ],
    });
  });

  it("streams piece by piece, and asks for the usage", async () => {
    const deltas: string[] = [];
    const { model, sent } = against(() =>
      sse([delta("Hel"), delta(""), delta("lo"), FINISH, USAGE, "[DONE]"]),
    );
    const reply = await model.respond(requestOf(["Hi"], { onDelta: (text) => deltas.push(text) }));
    expect(reply).toEqual({
      text: "Hello",
      model: OPENAI,
      usage: { input_tokens: 7, output_tokens: 3 },
    });
    expect(deltas).toEqual(["Hel", "lo"]);
    expect(sent[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  describe.each(WAYS)("asked for a %s answer", (way, more) => {
    it.each([
      [400, "provider_invalid_request", { retryable: false, isOutage: false, fallsBack: false }],
      [401, "provider_refused_key", { retryable: false, isOutage: false, fallsBack: true }],
      [403, "provider_refused_key", { retryable: false, isOutage: false, fallsBack: true }],
      [404, "provider_not_found", { retryable: false, isOutage: false, fallsBack: true }],
      [408, "model_failed", { retryable: true, isOutage: true, fallsBack: true }],
      [413, "provider_too_large", { retryable: false, isOutage: false, fallsBack: false }],
      [422, "provider_unprocessable", { retryable: false, isOutage: false, fallsBack: false }],
      [302, "model_failed", { retryable: false, isOutage: false, fallsBack: true }],
      [429, "provider_rate_limited", { retryable: true, isOutage: true, fallsBack: true }],
      [500, "model_failed", { retryable: true, isOutage: true, fallsBack: true }],
    ])(
      "fails once on status %i, as %s, quoting neither key, body, URL nor prompt in its message",
      async (status, code, kind) => {
        const { model, sent } = against(() =>
          Response.json({ error: { message: "sk-s3cret is wrong" } }, { status }),
        );
        const error = await rejectionOf(model.respond(requestOf(["my prompt"], more)));
        expect(error).toMatchObject({ name: "ModelError", code, ...kind });
        expect(String(error)).toMatch(
          /^ModelError: openai\/gpt-test (answered|refused this deployment's key) with status \d+$/,
        );
        expect(error.cause).toBeUndefined();
        expect(sent).toHaveLength(1);
      },
    );

    it("tells the caller the provider's code and words, bounded and without keys", async () => {
      const said = `Too long: my prompt. sk-s3cret, Bearer abc.def and https://openai.test/x ${"y".repeat(900)}`;
      const { model } = against(() =>
        Response.json(
          {
            error: {
              message: said,
              type: "invalid_request_error",
              code: "context_length_exceeded",
            },
          },
          { status: 400 },
        ),
      );
      const error = await rejectionOf(model.respond(requestOf(["my prompt"], more)));
      if (!(error instanceof ModelError)) throw error;
      expect(error.providerCode).toBe("context_length_exceeded");
      expect(error.told).toMatch(
        /^openai\/gpt-test answered with status 400: Too long: my prompt\. \[key\], Bearer \[key\] and \[url\] y+…$/,
      );
      expect(error.told.length).toBeLessThan(600);
    });

    it("keeps to itself what a provider says of our key, or of its own failure", async () => {
      for (const status of [401, 403, 500]) {
        const { model } = against(() =>
          Response.json({ error: { message: "key a1b2 of team t", code: "bad" } }, { status }),
        );
        const error = await rejectionOf(model.respond(requestOf(["x"], more)));
        if (!(error instanceof ModelError)) throw error;
        expect(error.told).not.toContain("team");
        expect(error.providerCode).toBeUndefined();
      }
    });

    it.each([
      [{ "retry-after": "7" }, 7_000],
      [{ "retry-after-ms": "1500", "retry-after": "9" }, 1_500],
      [{ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, 0],
      [{ "retry-after": "soon" }, undefined],
    ])("says when to come again: %j", async (headers, retryAfterMs) => {
      const { model } = against(() => new Response("{}", { status: 429, headers }));
      const error = await rejectionOf(model.respond(requestOf(["x"], more)));
      expect(error).toMatchObject({ code: "provider_rate_limited" });
      expect((error as ModelError).retryAfterMs).toBe(retryAfterMs);
    });

    it("does not wait for the body of an error that never ends", async () => {
      const { model } = against(
        () => new Response(new ReadableStream<Uint8Array>({}), { status: 400 }),
      );
      await expect(model.respond(requestOf(["x"], more))).rejects.toMatchObject({
        code: "provider_invalid_request",
      });
    });

    it.each([
      ["beside its choices", { error: { code: 502, message: "no GPU" }, choices: [] }],
      ["in place of an answer", { error: { code: "server_error", message: "no GPU" } }],
    ])("has failed where an error comes %s", async (_, body) => {
      const { model } = against(() =>
        way === "whole"
          ? Response.json(body)
          : sse([delta("Hel"), { choices: [], ...body }, FINISH, "[DONE]"]),
      );
      await expect(model.respond(requestOf(["x"], more))).rejects.toMatchObject({
        name: "ModelError",
        code: "model_failed",
        retryable: true,
      });
    });

    it("takes an empty answer for an answer", async () => {
      const { model } = against(() => (way === "whole" ? completion("") : sse([FINISH, "[DONE]"])));
      expect((await model.respond(requestOf(["x"], more))).text).toBe("");
    });

    it("takes an answer that makes no sense for a failure", async () => {
      const { model } = against(() =>
        way === "whole" ? new Response("<html>") : sse(["{nonsense", "[DONE]"]),
      );
      await expect(model.respond(requestOf(["x"], more))).rejects.toMatchObject({
        name: "ModelError",
        code: "model_failed",
      });
    });

    it("says that a server which is not there could not be reached", async () => {
      const { model } = against(() => Promise.reject(new TypeError("fetch failed")));
      await expect(model.respond(requestOf(["x"], more))).rejects.toMatchObject({
        message: `${OPENAI} could not be reached`,
        retryable: true,
      });
    });

    it("ends with the signal, before the headers", async () => {
      const controller = new AbortController();
      const { model } = against((signal) => {
        setTimeout(() => controller.abort(), 5);
        return neverAnswers(signal);
      });
      await expect(
        model.respond(requestOf(["x"], { ...more, signal: controller.signal })),
      ).rejects.toMatchObject({
        name: "ModelError",
        code: "model_timeout",
      });
    });
  });

  it.each([
    ["breaks off", () => sse([delta("Hel")], "break")],
    ["ends without a finish reason", () => sse([delta("Hel")])],
    [
      "reports an error",
      () => sse([delta("Hel"), { error: { message: "overloaded: my prompt" } }, "[DONE]"]),
    ],
  ])("rejects when its stream %s, having streamed what there was", async (_, answer) => {
    const deltas: string[] = [];
    const { model } = against(answer);
    const error = await rejectionOf(
      model.respond(requestOf(["my prompt"], { onDelta: (text) => deltas.push(text) })),
    );
    expect(error).toMatchObject({ name: "ModelError", code: "model_failed" });
    expect(String(error)).not.toMatch(/prompt|10\.0\.0\.1/);
    expect(deltas).toEqual(["Hel"]);
  });

  it("ends a stream that hangs with the signal", async () => {
    const controller = new AbortController();
    const deltas: string[] = [];
    const { model } = against(() => sse([delta("Hel")], "hang"));
    const answer = model.respond(
      requestOf(["x"], {
        signal: controller.signal,
        onDelta(text) {
          deltas.push(text);
          controller.abort();
        },
      }),
    );
    await expect(answer).rejects.toMatchObject({ name: "ModelError", code: "model_timeout" });
    expect(deltas).toEqual(["Hel"]);
  });
});

describe("a Workers AI model", () => {
  const WORKERS_AI = "workers-ai/@cf/meta/llama-test";

  function bound(answer: () => unknown) {
    const { binding, runs } = bindingThat(answer);
    return { model: workersAiModel(WORKERS_AI, binding), runs };
  }

  it("answers through the binding, with room for more than 256 tokens", async () => {
    const { model, runs } = bound(() => ({
      response: "Hello",
      usage: { prompt_tokens: 7, completion_tokens: 3 },
    }));
    const messages = [
      { role: "system" as const, content: "Be brief." },
      { role: "user" as const, content: "Hi" },
    ];
    const reply = await model.respond(requestOf([], { messages }));
    expect(reply).toEqual({
      text: "Hello",
      model: WORKERS_AI,
      usage: { input_tokens: 7, output_tokens: 3 },
    });
    expect(runs[0]?.model).toBe("@cf/meta/llama-test");
    expect(runs[0]?.inputs).toMatchObject({ messages, max_tokens: 2048 });
  });

  it("gives no usage where the model counted nothing", async () => {
    const { model } = bound(() => ({ response: "Hello" }));
    expect((await model.respond(requestOf(["Hi"]))).usage).toBeUndefined();
  });

  it("streams piece by piece", async () => {
    const deltas: string[] = [];
    const { model, runs } = bound(() =>
      events([{ response: "Hel" }, { response: "lo" }, "[DONE]"]),
    );
    const reply = await model.respond(requestOf(["Hi"], { onDelta: (text) => deltas.push(text) }));
    expect(reply.text).toBe("Hello");
    expect(deltas).toEqual(["Hel", "lo"]);
    expect(runs[0]?.inputs["stream"]).toBe(true);
  });

  it.each([
    ["reports an error", [{ response: "Hel" }, { errors: [{ code: 3040, message: "busy" }] }]],
    ["reports an error and ends", [{ error: { message: "no" } }, "[DONE]"]],
    ["ends before it began", []],
    ["was aborted", [{ choices: [{ delta: { content: "x" }, finish_reason: "abort" }] }, "[DONE]"]],
  ])("rejects when its stream %s", async (_, lines) => {
    const { model } = bound(() => events(lines));
    await expect(model.respond(requestOf(["Hi"], { onDelta: () => {} }))).rejects.toMatchObject({
      code: "model_failed",
      retryable: true,
    });
  });

  it.each(WAYS)("tells what a filter cut (%s)", async (way, more) => {
    const choice = { finish_reason: "content_filter" };
    const { model } = bound(() =>
      way === "whole"
        ? { choices: [{ ...choice, message: { content: "Hel" } }] }
        : events([{ choices: [{ ...choice, delta: { content: "Hel" } }] }, "[DONE]"]),
    );
    expect(await model.respond(requestOf(["Hi"], more))).toMatchObject({
      text: "Hel",
      cut: "content_filter",
    });
  });

  it("rejects an answer that reports an error", async () => {
    const { model } = bound(() => ({ errors: [{ code: 5007, message: "no" }], success: false }));
    await expect(model.respond(requestOf(["Hi"]))).rejects.toMatchObject({ code: "model_failed" });
  });

  it("rejects when its stream was cut short", async () => {
    const { model } = bound(() => events([{ response: "Hel" }]));
    await expect(model.respond(requestOf(["Hi"], { onDelta: () => {} }))).rejects.toMatchObject({
      code: "model_failed",
      retryable: true,
    });
  });

  it.each(WAYS)(
    "takes a full queue for worth a retry and an unknown model not (%s)",
    async (_, more) => {
      const busy = bound(() =>
        Promise.reject(new Error("3040: Capacity temporarily exceeded for my prompt")),
      );
      await expect(busy.model.respond(requestOf(["x"], more))).rejects.toMatchObject({
        message: `${WORKERS_AI} answered with status 429`,
        retryable: true,
      });
      const unknown = bound(() => Promise.reject(new Error("5007: No such model")));
      await expect(unknown.model.respond(requestOf(["x"], more))).rejects.toMatchObject({
        message: `${WORKERS_AI} answered with status 400`,
        retryable: false,
      });
      const unsupported = bound(() =>
        Promise.reject(new Error("Binding AI needs to be run remotely")),
      );
      await expect(unsupported.model.respond(requestOf(["x"], more))).rejects.toMatchObject({
        name: "ModelError",
        retryable: false,
      });
    },
  );
});
