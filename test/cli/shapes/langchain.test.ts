import { describe, expect, test } from "vitest";

import { langchainHistory } from "../../../src/cli/shapes/langchain.ts";
import { turnsOf } from "../../../src/cli/reading/turns.ts";
import langchain from "../../fixtures/sources/langchain.json" with { type: "json" };
import { spoken } from "../../support/found.ts";

const said = (values: readonly unknown[]) => {
  const history = langchainHistory(values.map((value) => ({ value })));
  return { ...history, said: spoken(turnsOf(history.messages, 0)), left: history.left.toJSON() };
};

const SAID = [
  "> system: Be brief.",
  '> user: [{"type":"input_text","text":"Is it raining in Kraków?"},{"type":"input_image","image_url":"https://example.com/sky.png"}]',
  "< assistant: Let me look.",
  '< weather({"city":"Kraków"})',
  "< = Rain.",
  "< assistant: Yes.",
];

describe("what LangChain JS 1.4.0 stores", () => {
  test("of messages that are made of content blocks", () => {
    const { said: words, unread, left, messages } = said(langchain.stored);
    expect(words).toEqual(SAID);
    expect(unread).toEqual([]);
    expect(left).toEqual({ reasoning: 1, response_metadata: 2 });
    expect(messages[2]).toMatchObject({ id: "a1", model: "gpt-5" });
  });

  test("in PostgreSQL, without data around a message", () => {
    expect(said(langchain.rows.map(({ message }) => message))).toMatchObject({
      said: SAID,
      unread: [],
    });
  });

  test("as text inside a document, and with a user's tool calls as the assistant's", () => {
    const asked = {
      type: "user",
      content: "",
      tool_calls: [{ id: "c1", name: "weather", args: { city: "Kraków" } }],
    };
    const values = [
      { type: "user", content: "Hi" },
      asked,
      { type: "tool", content: "Rain.", tool_call_id: "c1" },
    ];
    const words = ["> user: Hi", '< weather({"city":"Kraków"})', "< = Rain."];
    expect(said(values)).toMatchObject({ said: words, unread: [] });
    expect(said(values.map((value) => JSON.stringify(value)))).toMatchObject({ said: words });
  });
});
