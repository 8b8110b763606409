import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";

import { parseConfig } from "../../src/config.ts";
import { resetCircuit } from "../../src/outbound/circuit-breaker.ts";
import type { NonTextPiece } from "../../src/openai/responses/response-pieces.ts";
import { generateAnswer, promptModel } from "../../src/turn/answer.ts";
import type { AnswerOptions, Call } from "../../src/turn/answer.ts";
import { summarise, transcript } from "../../src/turn/summarise.ts";
import { objectStub } from "../support/object-stub.ts";

const configOf = (model: string) =>
  parseConfig({
    MODEL: `openai/${model}`,
    OPENAI_BASE_URL: inject("modelServer"),
    OPENAI_API_KEY: "none",
    // A slow machine needs more than 10 s for an answer: the test's own limit ends it.
    MODEL_TIMEOUT_MS: "600000",
  });

const WEATHER = { type: "function", name: "get_weather", parameters: { type: "object" } } as const;

const answerOf = (
  model: string,
  content: string,
  options: Partial<AnswerOptions> = {},
  call: Partial<Call> = {},
) =>
  generateAnswer(
    env,
    configOf(model),
    {
      account_id: "a",
      session_id: "s",
      models: [`openai/${model}`],
      messages: [{ role: "user", content }],
      ...call,
    },
    { signal: new AbortController().signal, ...options },
  );

/** What was told while it was answered. */
function listener() {
  const parts: NonTextPiece[] = [];
  let text = "";
  return {
    parts,
    text: () => text,
    onDelta: (delta: string) => void (text += delta),
    onPart: (part: NonTextPiece) => void parts.push(part),
  };
}

/** The events of models and summaries that were logged since. Other accounts' jobs log theirs meanwhile. */
function logging() {
  const lines: Record<string, unknown>[] = [];
  const note = (line: unknown) => {
    const event = JSON.parse(String(line)) as { event: string };
    if (/^(model|summary|circuit)\./.test(event.event)) lines.push(event);
  };
  vi.spyOn(console, "error").mockImplementation(note);
  vi.spyOn(console, "log").mockImplementation(note);
  return lines;
}

beforeEach(() => resetCircuit(env, "openai"));
afterEach(() => vi.restoreAllMocks());

describe("an answer", () => {
  it("says what it took, who gave it, and how long that lasted", async () => {
    const { reply, outcome } = await answerOf("echo", "Hi");
    expect(reply).toMatchObject({ text: "You said: Hi", model: "openai/echo" });
    expect(outcome).toEqual({
      status: "completed",
      output: "You said: Hi",
      model: "openai/echo",
      input_tokens: 7,
      output_tokens: 3,
      duration_ms: expect.any(Number),
    });
    expect(outcome.duration_ms).toBeLessThan(60_000);
  });

  it("tells of its usage and its end by /v1 only, and only what there is", async () => {
    const v1 = { settings: { temperature: 0 } };
    expect((await answerOf("echo", "Hi", {}, v1)).outcome).not.toHaveProperty("response");
    expect((await answerOf("reason", "Hi", {}, v1)).outcome.response).toEqual({
      cached_tokens: 2,
      reasoning_tokens: 1,
    });
    expect((await answerOf("length", "Hi", {}, v1)).outcome.response).toEqual({
      cut: "max_output_tokens",
    });
    expect((await answerOf("reason", "Hi")).outcome).not.toHaveProperty("response");
  });

  it("has no token counts when the upstream reports none", async () => {
    const UPSTREAM_URL = "https://upstream.test/query";
    const send = vi.spyOn(globalThis, "fetch");
    send.mockImplementation(async () => Response.json({ response: "Hello" }));
    const call: Call = {
      account_id: "a",
      session_id: undefined,
      models: ["upstream"],
      messages: [{ role: "user", content: "Hi" }],
      settings: {},
    };
    const { reply, outcome } = await generateAnswer(env, parseConfig({ UPSTREAM_URL }), call, {});
    expect(send).toHaveBeenCalledTimes(1);
    expect(reply).toEqual({ text: "Hello", model: "upstream" });
    expect(outcome).toEqual({
      status: "completed",
      output: "Hello",
      model: "upstream",
      input_tokens: null,
      output_tokens: null,
      duration_ms: expect.any(Number),
    });
  });

  it("comes in pieces, whose lengths are kept with it", async () => {
    const { onDelta, onPart, text } = listener();
    const v1 = { settings: {} };
    const { outcome } = await answerOf("echo", "one two", { onDelta, onPart }, v1);
    expect(text()).toBe("You said: one two");
    expect(outcome.response?.pieces?.flat().reduce((sum, length) => sum + length, 0)).toBe(
      text().length,
    );
  });

  it("is sent as text alone unless more was requested", async () => {
    const { onDelta, text } = listener();
    const { outcome } = await answerOf("reason", "one", { onDelta }, { settings: {} });
    expect(text()).toBe("You said: one");
    expect(outcome.response).toEqual({ cached_tokens: 2, reasoning_tokens: 1 });
  });

  it("of calls and thoughts is told as what it is, and kept as items", async () => {
    const { onDelta, onPart, parts, text } = listener();
    const called = await answerOf(
      "tools",
      "Hi",
      { onDelta, onPart },
      { settings: { tools: [WEATHER] } },
    );
    expect(text()).toBe("");
    expect(parts[0]).toEqual({ type: "call", call_id: "call_1", name: "get_weather" });
    expect(called.outcome.output).toEqual([
      {
        type: "function_call",
        call_id: "call_1",
        name: "get_weather",
        arguments: '{"city":"Paris"}',
      },
    ]);
    const thinker = listener();
    await answerOf("reason", "Hi", thinker, { settings: {} });
    expect(thinker.parts).toEqual([{ type: "reasoning", delta: "Let me think." }]);
  });

  it.each([
    ["plain", "x", 0],
    ["of three bytes a letter", "語", 1],
  ])("of more than 768 KiB fails, %s", async (_, letter, isWide) => {
    // The model says "You said: " before it.
    const fits = Math.floor((768 * 1024 - 10) / (isWide ? 3 : 1));
    const whole = await answerOf("echo", letter.repeat(fits));
    expect([whole.outcome.status, whole.outcome.output?.length]).toEqual(["completed", fits + 10]);
    const { onDelta, onPart } = listener();
    const over = letter.repeat(fits + 1);
    const error = { code: "model_failed", message: expect.stringContaining("768 KiB") };
    const failed = { status: "failed", output: null, error };
    const { reply, outcome } = await answerOf("echo", over);
    expect(reply).toBeNull();
    expect(outcome).toMatchObject({ ...failed, model: null, input_tokens: null });
    expect(outcome).not.toHaveProperty("response");
    const streamed = await answerOf("echo", over, { onDelta, onPart });
    expect(streamed.outcome).toMatchObject({ ...failed, response: { pieces: [] } });
  });

  it("of more than 768 KiB fails where it is more than text, too", async () => {
    const { outcome } = await answerOf("reason", "x".repeat(768 * 1024), {}, { settings: {} });
    expect(outcome).toMatchObject({ status: "failed", output: null });
  });

  it("is told to its end where its pieces are very many", async () => {
    const { onDelta, onPart, text } = listener();
    const result = "word ".repeat(16_400);
    const messages: Call["messages"] = [{ role: "tool", tool_call_id: "c", content: result }];
    const local = { models: ["local"], settings: {}, messages };
    const { outcome } = await answerOf("echo", "", { onDelta, onPart }, local);
    expect(text().endsWith(result)).toBe(true);
    expect(outcome.output === text()).toBe(true);
  });
});

describe("an answer that does not end", () => {
  it("has failed, with what was said until then", async () => {
    const { onDelta, onPart } = listener();
    const broken = await answerOf("break", "Hi", { onDelta, onPart });
    expect(broken.reply).toBeNull();
    expect(broken.outcome).toMatchObject({
      status: "failed",
      output: "You",
      model: null,
      error: { code: "model_failed" },
      response: { pieces: [[3]] },
    });
  });

  it("has failed with nothing where nothing was said", async () => {
    const { outcome } = await answerOf("fail", "Hi");
    expect(outcome).toMatchObject({
      status: "failed",
      output: null,
      error: { code: "model_failed" },
    });
    expect(outcome).not.toHaveProperty("response");
  });

  it("hides an unexpected failure from the caller and logs it", async () => {
    const lines = logging();
    const broken = { models: ["local"], messages: null as never };
    const { reply, outcome } = await answerOf("echo", "Hi", {}, broken);
    expect(reply).toBeNull();
    expect(outcome.error).toEqual({ code: "model_failed", message: "The model failed" });
    expect(lines).toMatchObject([{ event: "model.broken", error: "TypeError" }]);
  });

  it("has each of its tries logged, with who failed", async () => {
    const lines = logging();
    await answerOf("fail", "Hi");
    const failed = { event: "model.failed", model: "openai/fail", code: "model_failed" };
    expect(lines).toMatchObject([failed, failed]);
  });

  it("keeps nothing of what was more than 768 KiB when it was stopped", async () => {
    for (const [letters, status] of [
      [1_000, "interrupted"],
      [768 * 1024, "failed"],
    ] as const) {
      const stop = new AbortController();
      const { outcome } = await answerOf("drip", `${"x".repeat(letters)} two three`, {
        signal: stop.signal,
        onDelta: (delta) => delta.includes("x") && stop.abort(),
      });
      expect(outcome.status).toBe(status);
      expect(outcome.output === null).toBe(status === "failed");
    }
  });

  it("is interrupted where it was stopped after its first word, and has failed before that", async () => {
    const stop = new AbortController();
    const { outcome } = await answerOf("drip", "one two three", {
      signal: stop.signal,
      onDelta: () => stop.abort(),
    });
    expect(outcome).toMatchObject({ status: "interrupted", output: "You" });
    const stopped = await answerOf("hang", "Hi", { signal: AbortSignal.timeout(50) });
    expect(stopped.outcome).toMatchObject({ status: "failed", output: null });
  });
});

describe("what is asked aside", () => {
  it("is two messages, and only its text is told", async () => {
    const call = { account_id: "a", session_id: "s", models: ["openai/record"] };
    const said = { system: "Judge.", user: "Hi" };
    const { signal } = new AbortController();
    expect(JSON.parse(await promptModel(env, configOf("record"), call, said, signal))).toEqual([
      { role: "system", content: "Judge." },
      { role: "user", content: "Hi" },
    ]);
  });

  it("is given up once the caller has left", async () => {
    const call = { account_id: "a", session_id: "s", models: ["openai/hang"] };
    const said = { system: "Judge.", user: "Hi" };
    const asked = promptModel(env, configOf("hang"), call, said, AbortSignal.timeout(5));
    await expect(asked).rejects.toMatchObject({ code: "model_timeout" });
  });
});

/** An account that has this to be summed up, and what it is told. */
const summing = (work: object | null) => {
  const ended: unknown[][] = [];
  const begun: unknown[][] = [];
  const own = {
    ...env,
    CONVERSATIONS: {
      getByName: () =>
        objectStub({
          "turns.beginSummary": async (...args: never[]) => {
            begun.push(args);
            return { ok: true, value: work };
          },
          "turns.endSummary": async (...args: never[]) => {
            ended.push(args);
            return { ok: true, value: null };
          },
        }),
    },
  } as unknown as Env;
  return { own, begun, ended };
};
const summary = (...models: string[]) => ({
  account_id: "a",
  session_id: "s",
  models,
  left: 7,
});
const WORK = { previous: null, through: 9, messages: [{ role: "user", content: "Hi" }] };

describe("a summary", () => {
  it("is asked for with all that was said, and with the last one", () => {
    const messages = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
    ] as const;
    expect(transcript(null, messages)).toBe("What was said since:\nuser: Hi\nassistant: Hello");
    expect(transcript("They met.", messages)).toBe(
      "The summary so far:\nThey met.\n\nWhat was said since:\nuser: Hi\nassistant: Hello",
    );
  });

  it("is written by the first model that can, and handed to the account", async () => {
    const { own, begun, ended } = summing(WORK);
    await summarise(own, configOf("record"), summary("local", "upstream", "openai/record"));
    expect(begun).toEqual([["s", 7]]);
    const [[session, through, text] = []] = ended;
    expect([session, through, ended.length]).toEqual(["s", 9, 1]);
    expect(JSON.parse(String(text))).toEqual([
      { role: "system", content: expect.stringContaining("summary") },
      { role: "user", content: "What was said since:\nuser: Hi" },
    ]);
  });

  it("is begun only with a model that can write one, and ended only by the worker that may", async () => {
    const unable = summing(WORK);
    await summarise(unable.own, configOf("record"), summary("local", "upstream"));
    expect(unable.begun).toEqual([]);
    const lines = logging();
    const busy = summing(null);
    await summarise(busy.own, configOf("record"), summary("openai/record"));
    expect([busy.begun.length, busy.ended.length, lines]).toEqual([1, 0, []]);
  });

  it("that no model writes is given back, and logged", async () => {
    const lines = logging();
    const { own, ended } = summing(WORK);
    await summarise(own, configOf("fail"), summary("openai/fail"));
    expect(ended).toEqual([["s", 9, null]]);
    expect(lines.filter(({ event }) => event === "model.failed")).toMatchObject([
      { model: "openai/fail", code: "model_failed" },
      { model: "openai/fail", code: "model_failed" },
    ]);
    expect(lines.at(-1)).toMatchObject({ event: "summary.failed", account_id: "a" });
  });

  it("is not asked of a model that has failed again and again", async () => {
    logging();
    const failing = summing(WORK);
    for (let n = 0; n < 3; n += 1)
      await summarise(failing.own, configOf("fail"), summary("openai/fail"));
    const lines = logging();
    const { own, ended } = summing(WORK);
    await summarise(own, configOf("fail"), summary("openai/fail"));
    expect(ended).toEqual([["s", 9, null]]);
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("is not called"),
    );
  });

  it("that cannot be begun or kept is logged, and throws nothing", async () => {
    const lines = logging();
    const { own } = summing(WORK);
    const CONVERSATIONS = {
      getByName: () =>
        objectStub({
          beginSummary: async () => {
            throw new Error("away");
          },
        }),
    };
    const away = { ...own, CONVERSATIONS } as unknown as Env;
    await summarise(away, configOf("record"), summary("openai/record"));
    expect(lines.at(-1)).toMatchObject({ event: "summary.failed", account_id: "a" });
  });
});
