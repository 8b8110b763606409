import { describe, expect, it } from "vitest";

import { kindOf } from "../../../src/cli/files/detect.ts";
import agents from "../../fixtures/sources/agents.json" with { type: "json" };
import uiMessages from "../../fixtures/sources/ui-messages.json" with { type: "json" };
import { spoken } from "../../support/found.ts";
import { conversationsOf, saved } from "./found.ts";

async function saidIn(value: unknown) {
  const path = await saved("chat.json", JSON.stringify(value));
  expect(await kindOf(path)).toBe("openai");
  const [only] = await conversationsOf("openai", path);
  return { said: spoken(only?.turns ?? []), left: only?.left_out ?? {}, turns: only?.turns ?? [] };
}

const TOOLS = [
  "> user: Is it raining in Kraków?",
  "< assistant: Let me look.",
  '< weather({"city":"Kraków"})',
  "< nothing({})",
  "< pictures({})",
  '< = {"sky":"rain","degrees":8}',
  "< = undefined",
];

describe("what models are asked with", () => {
  it("as items of the OpenAI Agents SDK 0.20.0", async () => {
    const { said, left } = await saidIn({ session_id: "s-1", ...agents });
    expect(said.slice(0, 7)).toEqual(TOOLS);
    expect(said[7]).toContain("A cloud");
    expect(said.at(-1)).toBe("< assistant: It is raining.");
    expect(left).toEqual({ reasoning: 1 });
    expect((await saidIn(agents.items)).said).toEqual(said);
  });

  it("as items of Responses, and of our own export", async () => {
    const items = agents.items.map(({ callId, type, ...item }: Record<string, unknown>) => ({
      ...item,
      type: type === "function_call_result" ? "function_call_output" : type,
      ...(callId !== undefined && { call_id: callId }),
    }));
    expect((await saidIn({ id: "resp_1", input: items })).said.slice(0, 7)).toEqual(TOOLS);
    const { turns } = await saidIn(agents);
    const own = turns.flatMap(({ input, output }) => [input, output ?? []].flat());
    const again = await saidIn({ messages: own });
    expect(again.turns).toEqual(turns);
  });

  it("as UI messages of the AI SDK, a call and its result in one part", async () => {
    const { said, left } = await saidIn({ id: "c", messages: uiMessages.messages });
    expect(said.slice(1, 6)).toEqual([
      "< assistant: Let me look.",
      '< weather({"city":"Kraków"})',
      '< = {"sky":"rain","degrees":8}',
      "< broken({})",
      "< = Error: out of order",
    ]);
    expect(said[0]).toContain(
      '{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="}',
    );
    expect(left).toEqual({ reasoning: 1, error_marks: 1, citations: 1 });
  });

  it("as model messages of the AI SDK, with calls in parts", async () => {
    const { said } = await saidIn({ id: "c", messages: uiMessages.model });
    expect(said[0]).toContain('"image_url":"data:image/png;base64,iVBORw0KGgo="');
    expect(said.filter((each) => !each.startsWith("> "))).toEqual([
      "< assistant: Let me look.",
      '< weather({"city":"Kraków"})',
      "< broken({})",
      '< = {"sky":"rain","degrees":8}',
      "< = Error: out of order",
      expect.stringContaining("Yes, it is raining."),
      "< mcp({})",
      "< = x",
    ]);
  });

  it("as the AI SDK's versions before 5, and Anthropic's blocks", async () => {
    const old = {
      id: "m",
      role: "assistant",
      content: "Yes.",
      parts: [
        {
          type: "tool-invocation",
          toolInvocation: {
            state: "result",
            toolCallId: "c1",
            toolName: "weather",
            args: {},
            result: "Rain.",
          },
        },
        { type: "text", text: "Yes." },
      ],
    };
    const user = { id: "u", role: "user", content: "?", parts: [{ type: "text", text: "?" }] };
    const said = ["> user: ?", "< weather({})", "< = Rain.", "< assistant: Yes."];
    expect((await saidIn([user, old])).said).toEqual(said);
    const anthropic = [
      { role: "user", content: "?" },
      { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "weather", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "Rain." }] },
      { role: "assistant", content: [{ type: "text", text: "Yes." }] },
    ];
    expect((await saidIn(anthropic)).said).toEqual(said);
    const image = { type: "image", image: "iVBORw0KGgo=", mediaType: "image/png" };
    expect(
      (await saidIn([{ role: "user", content: [image, { ...image, image: "https://x/a.png" }] }]))
        .said,
    ).toEqual([
      `> user: ${JSON.stringify([
        { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" },
        { type: "input_image", image_url: "https://x/a.png" },
      ])}`,
    ]);
  });
});
