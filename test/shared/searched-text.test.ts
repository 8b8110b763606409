import * as fc from "fast-check";
import { describe, expect, inject, it } from "vitest";

import type { Content, Item } from "../../src/shared/items.ts";
import { cutJsonTexts, jsonTexts } from "../../src/shared/json-texts.ts";
import { SEARCHED_LENGTH, searchedText } from "../../src/shared/searched-text.ts";

const textOf = (input: Content): string => searchedText({ input, output: null }).input;
const BASE64 = Buffer.from("Lorem ipsum dolor sit amet ".repeat(40)).toString("base64");
const user = (content: Extract<Item, { type: "message" }>["content"]): Item => ({
  type: "message",
  role: "user",
  content,
});

describe("the texts of a turn that are searched", () => {
  it("are the texts of both sides as they are", () => {
    const text = 'A "quoted"\nline \\n {"json":1}';
    expect(searchedText({ input: text, output: "Yes\nno" })).toEqual({
      input: text,
      output: "Yes\nno",
    });
    expect(searchedText({ input: "", output: null })).toEqual({ input: "", output: null });
  });

  it.each<[string, Item, string]>([
    ["a message", user("first\nsecond"), "first\nsecond"],
    [
      "a message's parts",
      user([
        { type: "input_text", text: "first\nsecond" },
        { type: "input_image", image_url: `data:image/png;base64,${BASE64}`, file_id: "file_1" },
        { type: "input_file", filename: "plan.pdf", file_data: BASE64, file_id: "file_2" },
        { type: "output_text", text: "third" },
        { type: "refusal", refusal: "I cannot" },
      ]),
      "first\nsecond\nplan.pdf\nthird\nI cannot",
    ],
    [
      "reasoning",
      { type: "reasoning", text: "so", summary: ["one", "two"], encrypted_content: "secret" },
      "one\ntwo\nso",
    ],
    ["a compaction", { type: "compaction", text: "before\nthat" }, "before\nthat"],
    [
      "a function's call",
      {
        type: "function_call",
        call_id: "call_7",
        name: "get_weather",
        namespace: "crm",
        signature: "opaque",
        arguments:
          '{"city":"Z\\u00fcrich","note":"a\\nplum","ids":[12345678901234567890,1.50],"x":true}',
      },
      "crm\nget_weather\nZürich\na\nplum\n12345678901234567890\n1.50",
    ],
    [
      "a function's call that was cut off",
      { type: "function_call", call_id: "c", name: "f", arguments: '{"city":"Z\\u00fcrich","no' },
      "f\nZürich\nno",
    ],
    [
      "a function's call whose arguments are no JSON",
      { type: "function_call", call_id: "c", name: "f", arguments: "plain\nwords" },
      "f\nplain\nwords",
    ],
    [
      "a result that is text",
      { type: "function_call_output", call_id: "c", output: "[sunny]\nand warm" },
      "[sunny]\nand warm",
    ],
    [
      "a result that is JSON, with JSON in it",
      {
        type: "function_call_output",
        call_id: "c",
        output: JSON.stringify({
          content: [{ type: "text", text: JSON.stringify({ answer: "a\nplum" }) }],
          data: BASE64,
        }),
      },
      "text\na\nplum\n…",
    ],
    [
      "a result's parts",
      {
        type: "function_call_output",
        call_id: "c",
        output: [{ type: "input_text", text: '{"a":"pear"}' }],
      },
      "pear",
    ],
    [
      "a client's tool",
      {
        type: "shell_call",
        call_id: "call_7",
        action: { commands: ['echo "a\nplum"'] },
      },
      'echo "a\nplum"',
    ],
    [
      "a freeform tool",
      { type: "custom_tool_call", call_id: "call_7", name: "sql", input: "select\nplum" },
      "sql\nselect\nplum",
    ],
    [
      "a tool that ran elsewhere, whose arguments have names of items",
      {
        type: "mcp_call",
        id: "mcp_7",
        name: "find",
        server_label: "crm",
        arguments: '{"id":"A 17","name":"Bob","type":"client"}',
        output: '[{"text":"a\\nplum"}]',
      },
      "find\ncrm\nA 17\nBob\nclient\na\nplum",
    ],
    [
      "a picture that was made elsewhere",
      { type: "image_generation_call", id: "ig_1", status: "completed", result: BASE64 },
      "…",
    ],
  ])("of %s have no syntax, names of fields, ids and data", (_name, item, text) => {
    expect(textOf([item])).toBe(text);
  });

  it("have no data URL and no base64 in the midst of a text", () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    expect(textOf(`before ![](${url}) after ${BASE64}, end`)).toBe("before ![](…) after …, end");
    expect(textOf(user2(url))).toBe("see …");
    const word = "x".repeat(511);
    expect(textOf(word)).toBe(word);
  });
  const user2 = (url: string): Content => [user(`see ${url}`)];

  it("are the first 4 Mi characters of a side, and end between characters", () => {
    const long = `${"ab ".repeat(SEARCHED_LENGTH / 3)}😀 plum`;
    const text = textOf(long);
    expect(text.length).toBeLessThanOrEqual(SEARCHED_LENGTH);
    expect(text.length).toBeGreaterThan(SEARCHED_LENGTH - 2);
    expect(text.isWellFormed()).toBe(true);
  });

  it("take items whose fields are of another type, as old rows have them", () => {
    const odd = [
      { type: "reasoning", text: "so", summary: 7 },
      { type: "function_call", call_id: "c", name: "f", arguments: "{}", namespace: 7 },
      { type: "message", role: "user", content: [{ type: "input_file", filename: 7 }] },
    ];
    expect(textOf(odd as unknown as Item[])).toBe("so\nf");
  });

  it("are made in time that grows with the text: a square of it would take minutes", () => {
    const LENGTH = inject("isLarge") ? 500_000 : 200_000;
    const parts = ["data:a/b;", "data:a/b;base64,", `${"a".repeat(511)} `, '\\"', "[", '["', "="];
    for (const part of parts) {
      const text = part.repeat(Math.ceil(LENGTH / part.length));
      for (const output of [text, `["${text}`, `["${text}"]`, JSON.stringify([[text], text])]) {
        const call = { type: "function_call", call_id: "c", name: "f", arguments: output } as const;
        const found = textOf([{ type: "function_call_output", call_id: "c", output }, call]);
        expect(found.length).toBeLessThanOrEqual(2 * output.length + 3);
      }
    }
  });
});

describe("the values of JSON", () => {
  it("are its texts and numbers, whatever it is", () => {
    const plain = (value: unknown): string[] => {
      if (typeof value === "string") return value === "" ? [] : [value];
      if (typeof value === "number") return [JSON.stringify(value)];
      if (Array.isArray(value)) return value.flatMap(plain);
      return typeof value === "object" && value !== null ? Object.values(value).flatMap(plain) : [];
    };
    // A text that is JSON itself is looked into.
    const text = fc.string({ unit: "binary" }).filter((each) => !/^\s*["[{]/.test(each));
    const value = fc
      .jsonValue()
      .chain(() =>
        fc.oneof(
          fc.array(
            fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
          ),
          fc.dictionary(fc.string(), fc.oneof(text, fc.boolean(), fc.constant(null))),
          fc.array(fc.dictionary(fc.string(), fc.array(text))),
        ),
      );
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (each, space) => {
        const json = JSON.stringify(each, null, space);
        expect(jsonTexts(json)).toBe(plain(JSON.parse(json)).join("\n"));
        expect(cutJsonTexts(json)).toBe(jsonTexts(json));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it("are found in JSON that is cut off anywhere, and of any depth", () => {
    const json = JSON.stringify({ a: 'one "two" \\ \n three\u0000', b: [{ c: "four" }] });
    for (let end = 1; end <= json.length; end += 1)
      expect(cutJsonTexts(json.slice(0, end))).not.toMatch(/[{[]|\\n|\\u/);
    expect(cutJsonTexts(json.slice(0, -6))).toContain("four".slice(0, 1));
    expect(cutJsonTexts(`${'{"a":['.repeat(100_000)}"plum"`)).toBe("plum");
  });
});
