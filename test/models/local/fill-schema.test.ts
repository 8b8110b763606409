import { describe, expect, it } from "vitest";

import { fillSchema } from "../../../src/models/local/fill-schema.ts";

const object = (properties: object, required: string[] = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});
const TEXT = { type: "string" };

describe("a schema that is filled", () => {
  it.each<[string, object, string, unknown]>([
    ["what is said of it", object({ city: TEXT }), "city: Oslo, please", { city: "Oslo" }],
    [
      "what it is",
      object({ city: TEXT }),
      "The city is New York and it rains",
      { city: "New York" },
    ],
    [
      "what equals it",
      object({ unit_price: { type: "number" } }),
      "2 pens, unit price = 3.5",
      { unit_price: 3.5 },
    ],
    ["what is in quotes", object({ note: TEXT }), 'Note: "a, b and c"!', { note: "a, b and c" }],
    ["the last name", object({ city: TEXT }), "What is it like in Paris?", { city: "Paris" }],
    ["the last quote", object({ city: TEXT }), 'Look at "New York" now', { city: "New York" }],
    ["the message", object({ city: TEXT }), " somewhere ", { city: "somewhere" }],
    ["the message's beginning", TEXT, "x".repeat(100), "x".repeat(80)],
    ["the first number", object({ n: { type: "integer" } }), "-3.7 or 5", { n: -3 }],
    ["no number", { type: "number" }, "none", 0],
    ["a number in its bounds", { type: "integer", minimum: 1, maximum: 9 }, "10", 9],
    ["a number past its bound", { type: "integer", exclusiveMinimum: 0 }, "none", 1],
    ["nothing true", { type: "boolean" }, "true", false],
    ["nothing", { type: "null" }, "x", null],
    ["an empty list", { type: "array", items: TEXT }, "x", []],
    ["as long a list as it must be", { type: "array", items: TEXT, minItems: 2 }, "x", ["x", "x"]],
    ["the first choice", { enum: ["c", "f"] }, "in f", "c"],
    ["the choice that was made", object({ unit: { enum: ["c", "f"] } }), "unit: F", { unit: "f" }],
    ["a constant", { const: 7 }, "8", 7],
    [
      "a format's example",
      object({ on: { type: "string", format: "date" } }),
      "Today",
      { on: "2026-01-31" },
    ],
    ["only what is required", object({ a: TEXT, b: TEXT }, ["a"]), "Oslo", { a: "Oslo" }],
    [
      "or was found",
      object({ a: TEXT, b: TEXT }, ["a"]),
      "b: Rome. Oslo",
      { a: "Oslo", b: "Rome" },
    ],
    [
      "what is required and not described",
      { type: "object", required: ["a"] },
      "Oslo",
      { a: "Oslo" },
    ],
    [
      "objects in objects",
      object({ at: object({ city: TEXT }) }),
      "Rome",
      { at: { city: "Rome" } },
    ],
    ["a type of several", { type: ["null", "integer"] }, "4", 4],
    ["the first that is not null", { anyOf: [{ type: "null" }, { type: "integer" }] }, "4", 4],
    ["one of several", { oneOf: [{ const: null }, object({ a: TEXT })] }, "x", { a: "x" }],
    [
      "all of several",
      { allOf: [object({ a: TEXT }), object({ b: { type: "integer" } })] },
      "5",
      { a: "5", b: 5 },
    ],
    [
      "what is referred to",
      { $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "integer" } } },
      "4",
      4,
    ],
    ["a text where it says nothing", {}, "Oslo", "Oslo"],
    ["a text of the right length", { type: "string", minLength: 3, maxLength: 4 }, "ab", "ab."],
    ["a text not too long", { type: "string", maxLength: 2 }, "abc", "ab"],
  ])("holds %s", (_, schema, message, value) => {
    expect(fillSchema(schema, message)).toEqual(value);
  });

  it("ends where it holds itself", () => {
    const tree = object({
      name: TEXT,
      children: { type: "array", minItems: 3, items: { $ref: "#" } },
    });
    expect(JSON.stringify(fillSchema(tree, "Oak")).length).toBeLessThan(200_000);
    const self = { $ref: "#" };
    expect(fillSchema(self, "x")).toBeTypeOf("string");
    expect(fillSchema({ allOf: [self, self, self] }, "x")).toBeTypeOf("string");
    expect(fillSchema({ anyOf: [self] }, "x")).toBeTypeOf("string");
    expect(fillSchema(object({ a: self }), "x")).toHaveProperty("a.a.a");
  });

  it("takes anything for a schema, and anything for a message", () => {
    const strange = [
      null,
      true,
      7,
      "x",
      [],
      { type: 7 },
      { type: [] },
      { $ref: 7 },
      { $ref: "https://x" },
      { $ref: "#/__proto__/x" },
      { enum: [] },
      { anyOf: [] },
      { anyOf: [7] },
      { allOf: "x" },
      { type: "object", properties: [], required: 7 },
      object({ "a(b[*\\": TEXT, "\ud800": TEXT, "": TEXT, ["__proto__"]: TEXT }),
      { type: "string", maxLength: -1 },
    ];
    const messages = [
      "",
      " ",
      "\ud800",
      "a(b[*\\ is x",
      `a: ${" ".repeat(5_000)}`,
      "“".repeat(9_000),
      '"'.repeat(9_000),
    ];
    for (const schema of strange)
      for (const message of messages)
        expect(JSON.stringify(fillSchema(schema, message))).toBeTypeOf("string");
    const wide = object(
      Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`a${n}`, TEXT])),
    );
    expect(JSON.stringify(fillSchema(wide, "a1: ".repeat(1_000)))).toContain("a1");
  }, 5_000);
});
