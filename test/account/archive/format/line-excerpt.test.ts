import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { excerptOf } from "../../../../src/account/archive/format/line-excerpt.ts";
import type { TurnExcerpt } from "../../../../src/account/archive/format/line-excerpt.ts";
import { TurnLines } from "../../../../src/account/archive/format/record.ts";
import { snippetOf } from "../../../../src/account/store/turns/snippet.ts";
import { searchedText } from "../../../../src/shared/searched-text.ts";
import type { Item } from "../../../../src/shared/items.ts";
import type { Turn } from "../../../../src/shared/turn.ts";
import { THEN, turnOf } from "../../../support/archive.ts";

const MI = 1024 * 1024;

function read(line: string): { excerpt: TurnExcerpt; steps: number } {
  const scan = excerptOf(line);
  for (let steps = 1; ; steps += 1) {
    const step = scan.next();
    if (step.done) return { excerpt: step.value, steps };
  }
}

const lineOf = (turn: Partial<Turn>): string =>
  new TurnLines(() => null).of({ ...turnOf(2 ** 20 + 1, ""), ...turn });

/** How much text an excerpt has, in UTF-16 units of JSON. */
const sizeOf = (excerpt: TurnExcerpt): number => JSON.stringify(excerpt).length;

const snippets = (of: Pick<Turn, "input" | "output">) =>
  Object.values(searchedText(of)).map((each: string | null) => snippetOf(each ?? "", [["plum"]]));

const message = (content: Extract<Item, { type: "message" }>["content"]): Item => ({
  type: "message",
  role: "user",
  content,
});
const text = (each: string) => ({ type: "input_text" as const, text: each });
const picture = (length: number) => ({
  type: "input_image" as const,
  image_url: `data:image/png;base64,${"A".repeat(length)}`,
});

describe("the excerpt of a turn's line", () => {
  it("has all that a short turn says, whatever its texts hold", () => {
    const said = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('"', "\\", '\\"', "}]", '{"input":"x"}', "\u0000\n", "😀", ':"', "\\\\"),
    );
    const content = fc.oneof(
      said,
      fc.array(
        fc.oneof(
          said.map((each) => message(each)),
          fc.array(said.map(text)).map((parts) => message([...parts, picture(3)])),
          said.map((each): Item => ({ type: "reasoning", text: each, summary: [each, ""] })),
          said.map((each): Item => ({
            type: "function_call",
            call_id: "c",
            name: "f",
            arguments: each,
          })),
        ),
      ),
    );
    fc.assert(
      fc.property(content, fc.option(content), (input, output) => {
        const line = lineOf({ input, output });
        const { created_at: _, ...as } = JSON.parse(line) as { created_at: string } & Turn;
        expect(read(line)).toEqual({
          excerpt: { created_at: THEN, input: as.input, output: as.output },
          steps: 1,
        });
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it.each<[string, Partial<Turn>]>([
    [
      "pictures before the text",
      { input: [message([picture(3 * MI), picture(MI), text("plum")])] },
    ],
    ["a text of many MB", { input: "plum and ".repeat(MI) }],
    ["a text of quotes", { input: `plum ${'"'.repeat(2 * MI)}` }],
    ["a text of backslashes", { input: `plum ${"\\".repeat(2 * MI + 1)}`, output: "plum" }],
    ["many items", { input: Array.from({ length: 60_000 }, () => message("plum")) }],
    [
      "many parts of an item",
      { input: [message(Array.from({ length: 90_000 }, () => text("plum")))] },
    ],
    [
      "a long question and a long answer",
      { input: "pear ".repeat(MI), output: "x ".repeat(50_000) + "plum ".repeat(MI) },
    ],
    [
      "other fields",
      { input: "plum", extra: { call: { request: JSON.stringify("x".repeat(MI)) } } },
    ],
  ])("has the beginning of %s, and as much as a snippet looks at", (_name, turn) => {
    const line = lineOf(turn);
    const { excerpt } = read(line);
    expect(line.length).toBeGreaterThan(MI);
    expect(sizeOf(excerpt)).toBeLessThan(2 * 450 * 1024);
    expect(snippets(excerpt)).toEqual(snippets({ ...turnOf(1, ""), ...turn }));
  });

  it("is read in steps, of a bounded number of texts and brackets", () => {
    const items = Array.from({ length: 60_000 }, () => message("plum"));
    // Each has four names, three values and two brackets.
    expect(read(lineOf({ input: items })).steps).toBeGreaterThan((60_000 * 8) / 20_000);
    expect(read(lineOf({ input: '"'.repeat(MI) })).steps).toBeGreaterThan(MI / 20_001);
  });

  it("says where the line is not JSON", () => {
    for (const line of ['{"type":"turn","input":"x', '{"input":[}],"output":"x"'])
      expect(() => read(line)).toThrow(expect.objectContaining({ code: "archive_corrupt" }));
  });
});
