import { describe, expect, test } from "vitest";

import { langchainHistory } from "../../../src/cli/shapes/langchain.ts";
import { untypedHistory } from "../../../src/cli/shapes/untyped-message.ts";

const call = { function_call: { name: "f", arguments: '{"a":1}' } };

describe("messages of others", () => {
  test("keep a tool's call and its result together", () => {
    const { messages, unread } = untypedHistory(
      [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c", content: [{ type: "text", text: "done" }] },
        { role: "assistant", tool_calls: "f" },
        { role: "assistant", content: "x", tool_calls: [{ id: "d" }] },
      ].map((value) => ({ value })),
    );
    expect(messages).toEqual([
      { role: "assistant", content: "", tool_calls: [{ id: "c", name: "f", arguments: "{}" }] },
      { role: "tool", content: "done", tool_call_id: "c" },
    ]);
    expect(unread.map(({ why }) => why)).toEqual([
      "its tool_calls are no list",
      "a tool call has no name",
    ]);
  });

  test("of LangChain may call functions that have no id, be of JS's first shape, or be no message", () => {
    const { messages, unread, left } = langchainHistory(
      [
        { type: "human", text: "Hi", role: undefined },
        { type: "ai", data: { content: "", additional_kwargs: call } },
        { type: "function", data: { content: "1", name: "f" } },
        { type: "ai", data: { content: "", additional_kwargs: call } },
        { type: "function", data: { content: "2", name: "f" } },
        { type: "chat", data: { content: "Ho", role: "assistant", name: "Ada" } },
        { type: "generic", data: { content: "Ho", role: "moderator" } },
        { type: "remove", data: { content: "", id: "1" } },
        {
          type: "system",
          data: { content: "Be.", additional_kwargs: { __openai_role__: "developer" } },
        },
        { type: "ai", data: { content: "", additional_kwargs: { refusal: "No." } } },
      ].map((value) => ({ value })),
    );
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ["user", "Hi"],
      ["assistant", ""],
      ["tool", "1"],
      ["assistant", ""],
      ["tool", "2"],
      ["assistant", "Ho"],
      ["developer", "Be."],
      ["assistant", [{ type: "refusal", refusal: "No." }]],
    ]);
    const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));
    const answers = messages.flatMap(({ tool_call_id }) => tool_call_id ?? []);
    expect(calls).toEqual(["function_1", "function_2"]);
    expect(answers).toEqual(calls);
    expect(unread).toEqual([{ at: 6, why: 'its type "moderator" is not known' }]);
    expect(left.told.left_out).toEqual({
      name: 1,
      remove: 1,
      "messages that cannot be read": 1,
    });
  });
});
