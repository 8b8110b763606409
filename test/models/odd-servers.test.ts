import { describe, expect, it } from "vitest";

import { openaiModel } from "../../src/models/ai-sdk/openai.ts";
import type { ModelReply, ReplyPart } from "../../src/models/model.ts";
import { fetchThat, requestOf } from "./stand-ins.ts";

const MODEL = "openai/gpt-test";
const SERVER = { baseURL: "https://models.test/v1/", apiKey: "sk-s3cret" };
const DONE = "data: [DONE]\n\n";

const frame = (delta: object | null, finish_reason: string | null = null, more: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`;

const call = (more: object) => ({ tool_calls: [{ index: 0, ...more }] });

interface Heard {
  reply: ModelReply;
  texts: string[];
  parts: ReplyPart[];
}

async function hear(body: string, type = "text/event-stream"): Promise<Heard> {
  const { send, sent } = fetchThat(() => new Response(body, { headers: { "content-type": type } }));
  const texts: string[] = [];
  const parts: ReplyPart[] = [];
  const reply = await openaiModel(MODEL, SERVER, send).respond(
    requestOf(["Hi"], {
      onDelta: (text) => texts.push(text),
      onPart: (part) => parts.push(part),
    }),
  );
  expect(sent.map(({ url }) => url)).toEqual(["https://models.test/v1/chat/completions"]);
  return { reply, texts, parts };
}

describe("a server that streams in its own way is understood", () => {
  it.each([
    ["ends its lines with CR LF", (all: string) => all.replaceAll("\n", "\r\n")],
    ["ends its lines with CR", (all: string) => all.replaceAll("\n", "\r")],
    ["sends no [DONE]", (all: string) => all.replace(DONE, "")],
    ["ends without a blank line", (all: string) => all.replace(DONE, "").trimEnd()],
    ["sends comments", (all: string) => `: waiting\n\n${all.replaceAll("\n\n", "\n\n: x\n\n")}`],
  ])("%s", async (_, change) => {
    const all = [
      frame({ role: "assistant", content: "" }),
      frame({ content: "Hel" }),
      frame({ content: "lo" }, "stop"),
      DONE,
    ].join("");
    const { reply, texts } = await hear(change(all));
    expect([reply.text, texts]).toEqual(["Hello", ["Hel", "lo"]]);
  });

  it("gives its events another type", async () => {
    const all = frame({ content: "Hello" }) + frame({}, "stop") + DONE;
    for (const type of ["text/plain", "application/json"])
      expect((await hear(all, type)).reply.text).toBe("Hello");
  });

  it("says more in a frame than its text", async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3 };
    const all = [
      frame({ role: "assistant", content: "a", reasoning_content: "b" }),
      frame({ content: "c", refusal: null, tool_calls: null, annotations: [] }),
      frame({ content: "d" }, null, { usage }),
      frame({ content: "e", refusal: false }),
      frame(null, "stop", { usage: null }),
      `data: ${JSON.stringify({ choices: [] })}\n\n`,
    ].join("");
    const { reply } = await hear(all);
    expect(reply).toMatchObject({
      text: "acde",
      items: [{ type: "reasoning", text: "b" }, { type: "message" }],
      usage: { input_tokens: 7, output_tokens: 3 },
    });
  });

  it("sends parts in place of a text, as Mistral does", async () => {
    const thinking = [{ type: "text", text: "Hm." }, { type: "reference" }];
    const all = [
      frame({ content: [{ type: "thinking", thinking }] }),
      frame({
        content: [
          { type: "text", text: "So" },
          { type: "text", text: "" },
        ],
      }),
      frame({ content: "." }, "stop"),
    ].join("");
    expect((await hear(all)).reply.items).toEqual([
      { type: "reasoning", text: "Hm." },
      { type: "message", role: "assistant", content: "So." },
    ]);
  });

  it("names its thoughts `reasoning`, as servers of gpt-oss do", async () => {
    const { parts } = await hear(
      frame({ reasoning: "Hm" }) + frame({ reasoning: "." }) + frame({ content: "x" }, "stop"),
    );
    expect(parts).toEqual([
      { type: "reasoning", delta: "Hm" },
      { type: "reasoning", delta: "." },
    ]);
  });

  it("sends a call's name after its arguments", async () => {
    const all = [
      frame(call({ id: "c1", function: { arguments: '{"ci' } })),
      frame(call({ function: { arguments: 'ty":' } })),
      frame(call({ function: { name: "get_weather", arguments: '"Pa' } })),
      frame(call({ function: { arguments: 'ris"}' } })),
      frame({}, "tool_calls"),
    ].join("");
    const { reply, parts } = await hear(all);
    expect(reply.items).toEqual([
      {
        type: "function_call",
        call_id: "c1",
        name: "get_weather",
        arguments: '{"city":"Paris"}',
      },
    ]);
    expect(parts).toEqual([
      { type: "call", call_id: "c1", name: "get_weather" },
      { type: "arguments", call_id: "c1", delta: '{"city":"Pa' },
      { type: "arguments", call_id: "c1", delta: 'ris"}' },
    ]);
  });

  it("sends whole calls without an index, as Google does", async () => {
    const tool_calls = ["a", "b"].map((name) => ({
      id: "",
      function: { name, arguments: "{}" },
      ...(name === "b" && { extra_content: { google: { thought_signature: "sig" } } }),
    }));
    const { reply } = await hear(frame({ tool_calls }, "stop"));
    expect(reply.items).toMatchObject([
      { name: "a", arguments: "{}" },
      { name: "b", arguments: "{}", signature: "sig" },
    ]);
  });

  it("gives numbers that no double holds, which go back as they came", async () => {
    const thinking_blocks = `[{"type":"thinking","thinking":"x","id":12345678901234567890}]`;
    const all = `data: {"choices":[{"delta":{"thinking_blocks":${thinking_blocks}}}]}\n\n`;
    const { parts } = await hear(all + frame({ content: "Hi" }, "stop"));
    const [seal] = parts;
    const sealed = seal?.type === "seal" ? seal.value.replace("clq1.", "") : "";
    expect(Buffer.from(sealed, "base64url").toString()).toContain("12345678901234567890");
  });
});

describe("a stream is no answer where", () => {
  const unreadable = `${MODEL} gave an answer that could not be read`;
  it.each([
    ["it is cut off inside a frame", `${frame({ content: "a" })}data: {"choi`, unreadable],
    ["it has no finish reason", frame({ content: "a" }) + DONE, unreadable],
    ["a frame is no JSON", `data: {\n\n${frame({}, "stop")}`, unreadable],
    ["a frame has another form", `data: {"choices":"none"}\n\n${frame({}, "stop")}`, unreadable],
    [
      "a call has no name",
      frame({ tool_calls: [{ index: 0, function: { arguments: "{}" } }] }, "tool_calls"),
      unreadable,
    ],
    ["it is empty", "", `${MODEL} broke off before its first event`],
    [
      "its last line is an error",
      `${frame({ content: "a" })}data: {"error":{"message":"no GPU"}}`,
      `${MODEL} reported an error instead of an answer`,
    ],
    [
      "an error has a status",
      'data: {"error":{"message":"no","code":429}}\n\n',
      `${MODEL} answered with status 429`,
    ],
  ])("%s", async (_, body, message) => {
    await expect(hear(body)).rejects.toMatchObject({ name: "ModelError", message });
  });

  it("is a page, or JSON that reports an error", async () => {
    await expect(hear("<html></html>", "text/html")).rejects.toMatchObject({ message: unreadable });
    await expect(
      hear('{"error":{"message":"sk-s3cret"}}', "application/json"),
    ).rejects.toMatchObject({ told: `${MODEL} reported an error instead of an answer: [key]` });
  });

  it("is longer than 16 MiB", async () => {
    const long = `data: ${JSON.stringify({ choices: [], padding: "x".repeat(1_048_576) })}\n\n`;
    await expect(hear(long.repeat(17))).rejects.toMatchObject({
      message: `${MODEL} answered with more than 16777216 bytes`,
      retryable: false,
    });
  });
});
