import { describe, expect, it } from "vitest";

import type { Content } from "../../src/shared/items.ts";
import { ROW_BYTES } from "../../src/shared/stored-bounds.ts";
import { columnsOf, contentOf, fitsRow } from "../../src/shared/turn-parts.ts";

const bytesOf = (...texts: (string | null)[]) =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), 0);
const readBack = (input: Content, output: Content | null, extra = {}) => {
  const columns = columnsOf({ input, output, extra });
  expect(bytesOf(columns.input, columns.output, columns.extra)).toBeLessThanOrEqual(ROW_BYTES);
  return {
    columns,
    input: contentOf(columns.input, "input", columns.parts),
    output: columns.output === null ? null : contentOf(columns.output, "output", columns.parts),
  };
};
const user = (content: string) => ({ type: "message" as const, role: "user" as const, content });
const image = (image_url: string) => ({
  type: "message" as const,
  role: "user" as const,
  content: [
    { type: "input_text" as const, text: "What is this?" },
    { type: "input_image" as const, image_url },
  ],
});

describe("a turn's columns", () => {
  it.each<[string, Content, Content | null]>([
    ["a text", "Hi", "Hello"],
    ["a text of one row", "x".repeat(ROW_BYTES - 2), "Hi"],
    ["items", [image("data:image/png;base64,AAAA")], null],
  ])("are whole for %s", (_name, input, output) => {
    const { columns } = readBack(input, output);
    expect(columns.parts).toEqual([]);
  });

  it.each<[string, Content, Content | null, number]>([
    ["a long text", "x".repeat(2_000_000), "short", 1],
    ["a long text of three bytes each", "漢".repeat(700_000), null, 1],
    ["a text that looks like a list of items", `\u0001[${"x".repeat(2_000_000)}`, "y", 1],
    ["a long answer", "short", "y".repeat(2_000_000), 1],
    ["a picture", [image(`data:image/png;base64,${"A".repeat(3_500_000)}`)], "A cat", 1],
    [
      "many texts, of which the longest go first",
      Array.from({ length: 40 }, (_, n) => user(`${n} ${"z".repeat(50_000 + n)}`)),
      "ok",
      35,
    ],
  ])("leave %s out, and are read back", (_name, input, output, count) => {
    const read = readBack(input, output);
    expect(read.columns.parts).toHaveLength(count);
    const isSame = JSON.stringify([read.input, read.output]) === JSON.stringify([input, output]);
    expect(isSame).toBe(true);
  });

  it("keep short texts, and how many messages there are", () => {
    const { columns } = readBack([image("A".repeat(2_000_000)), user("and this?")], "A cat");
    expect(columns.input).toContain("What is this?");
    expect(columns.input).toContain('"image_url":""');
    expect(columns.output).toBe("A cat");
  });

  it("are the same for the same turn, whatever else was said", () => {
    const turn = { input: [user("a".repeat(1_500_000)), user("b".repeat(1_500_000))], extra: {} };
    const one = columnsOf({ ...turn, output: null });
    expect(columnsOf(structuredClone({ ...turn, output: null }))).toEqual(one);
  });

  it("leave room for what the row has beside them", () => {
    const settings = "s".repeat(1_500_000);
    const { columns } = readBack("x".repeat(600_000), null, { response: { settings } });
    expect(columns.parts).toHaveLength(1);
  });

  it("do not hold too many short texts", () => {
    const items = Array.from({ length: 3_000 }, () => user("x".repeat(1_000)));
    expect(fitsRow({ input: items, output: null, extra: {} })).toBe(false);
    expect(fitsRow({ input: items.slice(0, 1_500), output: null, extra: {} })).toBe(true);
  });
});
