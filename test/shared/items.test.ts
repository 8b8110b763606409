import { expect, it } from "vitest";

import { decodeContent, encodeContent, messagesOf, textOf } from "../../src/shared/items.ts";
import { lengthOf } from "../../src/shared/message-length.ts";
import type { Item, Message, Part } from "../../src/shared/items.ts";
import { pairToolCalls } from "../../src/shared/pair-tool-calls.ts";

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
const ofParts = (parts: Part[]): Item => ({ type: "message", role: "user", content: parts });
const asMessages = (...items: Item[]) => messagesOf(items, "assistant");

it("a message of texts is their text; what is no text goes along with it", () => {
  const texts = [
    { type: "input_text" as const, text: "What is this?" },
    { type: "input_text" as const, text: "And this?" },
  ];
  const content = "What is this?\nAnd this?";
  expect(messagesOf([ofParts(texts)], "user")).toEqual([{ role: "user", content }]);
  const parts: Part[] = [
    ...texts,
    { type: "input_image", image_url: "data:image/png;base64,AA==" },
  ];
  expect(messagesOf([ofParts(parts)], "user")).toEqual([{ role: "user", content, parts }]);
});

it("what is no text of a message has a length, too", () => {
  const image_url = `data:image/png;base64,${"A".repeat(1_000)}`;
  const parts: Part[] = [
    { type: "input_text", text: "Look" },
    { type: "input_image", image_url },
  ];
  const long = { role: "user" as const, content: "Look", parts };
  expect(lengthOf({ role: "user", content: "Look" })).toBe(4);
  expect(lengthOf(long)).toBeGreaterThanOrEqual(4 + image_url.length);
});

it("thoughts are shown to no model, and what was summed up is", () => {
  const thought: Item = { type: "reasoning", text: "Hm." };
  const summed: Item = { type: "compaction", text: "They met." };
  expect(messagesOf([thought, summed], "assistant")).toEqual([
    { role: "system", content: "What was said before, summed up:\nThey met." },
  ]);
});

it("a result that comes late is shown after its call", () => {
  const messages = [...asMessages(call("a")), user, ...asMessages(result("a"))];
  expect(pairToolCalls(messages).map(({ role }) => role)).toEqual(["assistant", "tool", "user"]);
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
  expect(pairToolCalls([user, ...messages])).toEqual([
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
  expect(pairToolCalls([...asMessages(...items), user])).toEqual([user]);
});

it("what was said beside a call that no one answered is shown", () => {
  const beside: Message = {
    role: "assistant",
    content: "Let me look.",
    tool_calls: [{ id: "a", type: "function", function: { name: "weather", arguments: "{}" } }],
  };
  expect(pairToolCalls([beside, user])).toEqual([
    { role: "assistant", content: "Let me look." },
    user,
  ]);
});

it("what was said right before calls is of the message that makes them", () => {
  const said: Item = { type: "message", role: "assistant", content: "Let me look." };
  const [before, ...messages] = asMessages(said, call("a"), call("b"), result("a"), result("b"));
  const shown = pairToolCalls([user, before as Message, ...messages]);
  expect(shown.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool"]);
  expect(shown[1]).toMatchObject({
    content: "Let me look.",
    tool_calls: [{ id: "a" }, { id: "b" }],
  });
  const unanswered = pairToolCalls([user, before as Message, ...asMessages(call("a"))]);
  expect(unanswered).toEqual([user, { role: "assistant", content: "Let me look." }]);
});
