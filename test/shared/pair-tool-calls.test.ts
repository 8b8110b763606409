import { expect, it } from "vitest";

import type { Message } from "../../src/shared/items.ts";
import { pairToolCalls } from "../../src/shared/pair-tool-calls.ts";

const call = (id: string, city: string): Message => ({
  role: "assistant",
  content: "",
  tool_calls: [{ id, type: "function", function: { name: "weather", arguments: city } }],
});
const result = (tool_call_id: string, content: string): Message => ({
  role: "tool",
  content,
  tool_call_id,
});
const flat = (messages: Message[]): string[] =>
  messages.flatMap((each) =>
    "tool_calls" in each
      ? (each.tool_calls ?? []).map(({ id, function: called }) => `${id} ${called.arguments}`)
      : [`${"tool_call_id" in each ? each.tool_call_id : each.role} ${each.content}`],
  );

it("two calls of one id take their results in order, and keep apart", () => {
  const asked = [call("c", "Oslo"), call("c", "Rome"), result("c", "cold"), result("c", "warm")];
  expect(flat(pairToolCalls(asked))).toEqual(["c Oslo", "c_2 Rome", "c cold", "c_2 warm"]);
});

it("a call of an id that has one result more than calls, or one less, keeps its own", () => {
  expect(flat(pairToolCalls([call("c", "Oslo"), call("c", "Rome"), result("c", "cold")]))).toEqual([
    "c Oslo",
    "c cold",
  ]);
  const later = [call("c", "Oslo"), result("c", "cold"), call("c", "Rome"), result("c", "warm")];
  expect(flat(pairToolCalls(later))).toEqual(["c Oslo", "c cold", "c Rome", "c warm"]);
});
