import { expect, it } from "vitest";

import { decodeContent, encodeContent, messagesOf, paired, textOf } from "../src/items.ts";
import type { Item, Message } from "../src/items.ts";

const call = (id: string): Item => ({
  type: "function_call",
  call_id: id,
  name: "weather",
  arguments: `{"city":"${id}"}`,
});
const result = (id: string): Item => ({
  type: "function_call_output",
  call_id: id,
  output: "sunny",
});
const user: Message = { role: "user", content: "Hi" };
const asMessages = (...items: Item[]) => messagesOf(items, "assistant");

it("a message of parts is the text of its parts", () => {
  const item: Item = {
    type: "message",
    role: "user",
    content: [
      { type: "input_text", text: "What is this?" },
      { type: "input_image", file_id: "file_1" },
      { type: "input_text", text: "And this?" },
    ],
  };
  expect(messagesOf([item], "user")).toEqual([
    { role: "user", content: "What is this?\nAnd this?" },
  ]);
});

it("what tools said is no part of what was said", () => {
  const said: Item = { type: "message", role: "assistant", content: "It is sunny." };
  expect(textOf([call("a"), result("a"), said], "assistant")).toBe("It is sunny.");
});

it.each<[string, Item[] | string]>([
  ["plain text", "Hi"],
  ["text that begins like a list", "\u0001[]"],
  ["a list of nothing", []],
  ["tool calls", [call("a"), result("a")]],
  ["a message with an id of its own", [{ type: "message", role: "user", content: "x", id: "1" }]],
])("%s is stored and read as it is", (_, content) => {
  expect(decodeContent(encodeContent(content, "user"), "user")).toEqual(content);
});

it("calls that were made together are one message, before their results", () => {
  const messages = asMessages(call("a"), call("b"), result("b"), result("a"));
  expect(paired([user, ...messages])).toEqual([
    user,
    {
      role: "assistant",
      content: "",
      tool_calls: [...asMessages(call("a")), ...asMessages(call("b"))].flatMap((message) =>
        message.role === "assistant" ? (message.tool_calls ?? []) : [],
      ),
    },
    { role: "tool", content: "sunny", tool_call_id: "a" },
    { role: "tool", content: "sunny", tool_call_id: "b" },
  ]);
});

it.each<[string, Item[]]>([
  ["a result whose call left the window", [result("a")]],
  ["a call that nobody answered", [call("a")]],
  ["a call and the result of another", [call("a"), result("b")]],
])("%s is not shown to a model", (_, items) => {
  expect(paired([...asMessages(...items), user])).toEqual([user]);
});

it("what was said beside a call that nobody answered is shown", () => {
  const beside: Message = {
    role: "assistant",
    content: "Let me look.",
    tool_calls: [{ id: "a", type: "function", function: { name: "weather", arguments: "{}" } }],
  };
  expect(paired([beside, user])).toEqual([{ role: "assistant", content: "Let me look." }, user]);
});
