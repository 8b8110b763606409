import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ClientCalls, clientItem, targetsOf } from "../../../src/openai/responses/client-calls.ts";
import { CustomInput, customInput } from "../../../src/openai/responses/custom-input.ts";
import { StreamAccumulator } from "../../../src/openai/responses/response-pieces.ts";
import type { Piece } from "../../../src/openai/responses/response-pieces.ts";
import { functionsOf, toolShape } from "../../../src/openai/responses/tools.ts";
import { functionNameOf } from "../../../src/shared/function-names.ts";
import type { Item } from "../../../src/shared/items.ts";

const TOOLS = [
  { type: "function", name: "plain" },
  {
    type: "custom",
    name: "patch",
    description: "Patches.",
    format: { type: "grammar", syntax: "lark", definition: "start: /.+/" },
  },
  {
    type: "namespace",
    name: "crm",
    description: "Customers.",
    tools: [
      { type: "function", name: "find", parameters: { type: "object" } },
      { type: "custom", name: "note" },
    ],
  },
  { type: "shell" },
  { type: "local_shell" },
  { type: "apply_patch" },
  { type: "computer" },
  { type: "tool_search", execution: "client", description: "Finds." },
].map((tool) => toolShape.parse(tool));
const functions = TOOLS.flatMap(functionsOf);
const targets = targetsOf(functions);

const call = (name: string, args: string): Item => ({
  type: "function_call",
  call_id: "c",
  name,
  arguments: args,
});
const itemOf = (name: string, args: unknown): Item =>
  clientItem(call(name, typeof args === "string" ? args : JSON.stringify(args)), targets);

describe("a model is shown a tool", () => {
  it("as functions, with their grammar and their group", () => {
    expect(functions.map(({ name }) => name)).toEqual([
      "plain",
      "patch",
      "crm__find",
      "crm__note",
      "shell",
      "local_shell",
      "apply_patch",
      "computer",
      "tool_search",
    ]);
    expect(functions[1]).toMatchObject({
      description: "Patches.",
      parameters: {
        properties: {
          input: { description: expect.stringContaining("lark grammar takes:\nstart") },
        },
        required: ["input"],
      },
    });
    expect(functions[2]).toMatchObject({ description: "crm: Customers." });
    expect(functions.at(-1)).toMatchObject({ description: "Finds." });
  });

  it("in a group by a name that a provider takes", () => {
    expect(functionNameOf({ namespace: "mcp__a__", name: "b.c" })).toBe("mcp__a__b_c");
    const names = ["x", "y"].map((end) =>
      functionNameOf({ namespace: "n".repeat(60), name: `long_${end}` }),
    );
    expect(names.map(({ length }) => length)).toEqual([64, 64]);
    expect(new Set(names).size).toBe(2);
  });
});

describe("a call of a function that stands for a tool", () => {
  it("is the call of the tool", () => {
    expect(itemOf("plain", {})).toMatchObject({ type: "function_call", name: "plain" });
    expect(itemOf("patch", { input: "a\nb" })).toEqual({
      type: "custom_tool_call",
      call_id: "c",
      name: "patch",
      input: "a\nb",
    });
    expect(itemOf("crm__find", { id: 1 })).toEqual({
      type: "function_call",
      call_id: "c",
      name: "find",
      namespace: "crm",
      arguments: '{"id":1}',
    });
    expect(itemOf("crm__note", { input: "x" })).toMatchObject({ name: "note", namespace: "crm" });
    expect(itemOf("shell", { commands: ["ls"], timeout_ms: 5, more: 1 })).toMatchObject({
      type: "shell_call",
      action: { commands: ["ls"], timeout_ms: 5 },
    });
    expect(itemOf("shell", { commands: "ls" })).toMatchObject({ action: { commands: ["ls"] } });
    expect(itemOf("local_shell", { command: ["ls"] })).toMatchObject({
      type: "local_shell_call",
      action: { type: "exec", command: ["ls"], env: {} },
    });
    expect(itemOf("apply_patch", { type: "delete_file", path: "a", diff: "" })).toMatchObject({
      type: "apply_patch_call",
      operation: { type: "delete_file", path: "a" },
    });
    expect(itemOf("computer", { actions: [{ type: "wait" }] })).toMatchObject({
      type: "computer_call",
      actions: [{ type: "wait" }],
      pending_safety_checks: [],
    });
    expect(itemOf("tool_search", { query: "x" })).toMatchObject({
      type: "tool_search_call",
      execution: "client",
      arguments: { query: "x" },
    });
  });

  it.each([
    ["shell", "no JSON"],
    ["shell", "[]"],
    ["shell", '{"commands":[1]}'],
    ["local_shell", "{}"],
    ["apply_patch", '{"type":"update_file","path":"a"}'],
    ["computer", "{}"],
  ])("stays the function's where its arguments do not fit: %s %s", (name, args) => {
    expect(itemOf(name, args)).toEqual(call(name, args));
  });

  it("keeps what the provider wants back", () => {
    const signed = { ...call("shell", '{"commands":[]}'), signature: "s" } as Item;
    expect(clientItem(signed, targets)).toMatchObject({ type: "shell_call", signature: "s" });
  });
});

/** An answer's pieces as they are passed on. */
function passed(pieces: readonly Piece[]): Piece[] {
  const told: Piece[] = [];
  const calls = new ClientCalls(targets, (piece) => told.push(piece));
  for (const piece of pieces) calls.add(piece);
  calls.flush();
  return told;
}

const argumentsIn = fc.oneof(
  fc.string().map((input) => JSON.stringify({ input })),
  fc.constantFrom(
    '{"commands":["ls"]}',
    '{"type":"delete_file","path":"a"}',
    "{}",
    '{"input":"cut',
    "no JSON",
  ),
  fc.string(),
);
const cutAt = (text: string, at: readonly number[]) => {
  const places = [...new Set(at.map((place) => place % (text.length + 1)))].toSorted(
    (a, b) => a - b,
  );
  return [0, ...places].map((from, n) => text.slice(from, places[n]));
};

it("a streamed call makes the same item as a whole one, however it is cut", () => {
  const names = fc.constantFrom(...functions.map(({ name }) => name));
  fc.assert(
    fc.property(names, argumentsIn, fc.array(fc.nat(), { maxLength: 6 }), (name, args, at) => {
      const all = new StreamAccumulator();
      const pieces: Piece[] = [
        { type: "text", delta: "Well" },
        { type: "call", call_id: "c", name },
        ...cutAt(args, at).map((delta): Piece => ({ type: "arguments", call_id: "c", delta })),
        { type: "seal", value: "s" },
        { type: "text", delta: "Done" },
      ];
      for (const piece of passed(pieces)) all.add(piece);
      const signed = { ...call(name, args), signature: "s" } as Item;
      expect(all.items[1]).toEqual(clientItem(signed, targets));
    }),
    { numRuns: 200 },
  );
});

describe("the input of a freeform tool", () => {
  it("is the text in the JSON, however it comes", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (text, at) => {
          const json = JSON.stringify({ input: text });
          expect(customInput(json)).toBe(text);
          const input = new CustomInput();
          const read = cutAt(json, at).map((piece) => input.add(piece));
          expect(read.every((piece) => piece.isWellFormed())).toBe(true);
          expect(read.join("") + input.end()).toBe(text);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['{"input":"a', "a"],
    ['{"input":"a\\', "a"],
    ['{"input":"\\ud83d', "\uFFFD"],
    ['{"input":"\\ud83d\\ude00"}', "😀"],
    ['{"input":"a\nb"}', "a\nb"],
    ['{"input":"\\d+"}', "\\d+"],
    ['{"input":"a","more":"b"}', "a"],
    ['{"more":1,"input":"a"}', "a"],
    ['{"patch":"a"}', "a"],
    ['{"a":"b","c":"d"}', '{"a":"b","c":"d"}'],
    ['"a"', "a"],
    ["plain text", "plain text"],
    ["{}", ""],
    ["", ""],
  ])("is read from %j", (json, text) => {
    expect(customInput(json)).toBe(text);
    const input = new CustomInput();
    expect(
      json
        .split("")
        .map((char) => input.add(char))
        .join("") + input.end(),
    ).toBe(text);
  });
});
