import { describe, expect, inject, it } from "vitest";

import { openaiModel } from "../../src/models/ai-sdk/openai.ts";
import type { ModelRequest, ModelSettings, ReplyPart } from "../../src/models/model.ts";
import { requestOf } from "./stand-ins.ts";

const TOOLS = ["get_weather", "now"].map((name) => ({ type: "function" as const, name }));
const PARIS = '{"city":"Paris"}';

const ask = (model: string, said: string, more: Partial<ModelRequest> = {}) =>
  openaiModel(`openai/${model}`, { baseURL: inject("modelServer") }).respond(
    requestOf([said], { signal: AbortSignal.timeout(60_000), ...more }),
  );

describe.each([
  ["whole", {}],
  ["streamed", { onDelta: () => {}, onPart: () => {} }],
])("over HTTP, %s", (_, listening) => {
  it("a model calls one tool or all of them", async () => {
    const settings: ModelSettings = { tools: TOOLS };
    const [first, second] = [
      { type: "function_call", call_id: "call_1", name: "get_weather", arguments: PARIS },
      { type: "function_call", call_id: "call_2", name: "now", arguments: PARIS },
    ];
    const one = await ask("tools", "Call", { settings, ...listening });
    expect(one).toMatchObject({ text: "", items: [first] });
    const all = await ask("tools", "Call all", { settings, ...listening });
    expect(all.items).toEqual([first, second]);
    const none = { settings: { ...settings, tool_choice: "none" as const }, ...listening };
    expect((await ask("tools", "Call", none)).text).toBe("You said: Call");
  });

  it("a model answers with what a tool said", async () => {
    const called = { name: "now", arguments: "{}" };
    const messages: ModelRequest["messages"] = [
      { role: "user", content: "Call" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: "call_1", type: "function", function: called }],
      },
      { role: "tool", content: "Noon", tool_call_id: "call_1" },
    ];
    const settings: ModelSettings = { tools: TOOLS };
    const reply = await ask("tools", "", { messages, settings, ...listening });
    expect([reply.text, reply.items]).toEqual(["The tool said: Noon", undefined]);
  });

  it("a model thinks first, and its thoughts are counted", async () => {
    expect(await ask("reason", "Hi", listening)).toEqual({
      text: "You said: Hi",
      model: "openai/reason",
      items: [
        { type: "reasoning", text: "Let me think." },
        { type: "message", role: "assistant", content: "You said: Hi" },
      ],
      usage: { input_tokens: 7, output_tokens: 3, cached_tokens: 2, reasoning_tokens: 1 },
    });
  });

  it("a model is cut off, and another answers in JSON", async () => {
    expect(await ask("length", "Hi", listening)).toMatchObject({
      text: "You said: Hi",
      cut: "max_output_tokens",
    });
    const settings: ModelSettings = { format: { type: "json_object" } };
    expect((await ask("json", "Hi", { settings, ...listening })).text).toBe('{"answer":"42"}');
  });
});

it("arguments come in pieces", async () => {
  const parts: ReplyPart[] = [];
  const settings: ModelSettings = { tools: TOOLS };
  await ask("tools", "Call", { settings, onPart: (part) => void parts.push(part) });
  const [begun, ...pieces] = parts;
  expect(begun).toEqual({ type: "call", call_id: "call_1", name: "get_weather" });
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.map((each) => (each.type === "arguments" ? each.delta : "")).join("")).toBe(PARIS);
});
