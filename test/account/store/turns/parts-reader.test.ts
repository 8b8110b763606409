import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { PartsReader } from "../../../../src/account/store/turns/parts-reader.ts";
import { searchedText } from "../../../../src/shared/searched-text.ts";
import type { TurnPart } from "../../../../src/shared/turn-parts.ts";

const PICTURE = `data:image/png;base64,${"iVBORw0KGgo+/_-".repeat(200)}==`;

const markOf = (json: string) => `${Buffer.byteLength(json)} hash`;

function read(parts: readonly TurnPart[], length: number, limit?: number): TurnPart[] {
  const json = JSON.stringify(parts);
  const reader = new PartsReader(limit);
  for (let at = 0; at < json.length; at += length) reader.write(json.slice(at, at + length));
  return reader.end(markOf(json));
}

/** As a search reads them for a hit. @returns how many pieces were skipped, too */
function readSkipping(parts: readonly TurnPart[], length: number, limit: number) {
  const json = JSON.stringify(parts);
  const reader = new PartsReader(limit);
  let skipped = 0;
  for (let at = 0; at < json.length; at += length) {
    const piece = json.slice(at, at + length);
    const isSkipped = reader.isPastKept && !piece.includes('"') && !piece.endsWith("\\");
    if (isSkipped) reader.skip(Buffer.byteLength(piece));
    else reader.write(piece);
    skipped += isSkipped ? 1 : 0;
  }
  return { parts: reader.end(markOf(json)), skipped };
}

const texts = fc.oneof(
  fc.string({ unit: "grapheme-ascii" }),
  fc.constantFrom('"', "\\", '\\"', '\\\\"', "]]", '],["output",3,"', "\u0000\n", "漢字", ""),
  fc.array(fc.constantFrom('"', "\\", "\\\\", "a"), { maxLength: 40 }).map((some) => some.join("")),
  fc.constantFrom(PICTURE, `${PICTURE} and words`, `see ${PICTURE}`, "data:image/png;base64,"),
);
const allParts = fc.array(
  fc.tuple(fc.constantFrom<TurnPart[0]>("input", "output"), fc.nat(99), texts),
);

/** What is found of a text, wherever it stands. */
const found = (text: string) => [
  searchedText({ input: text, output: null }).input,
  searchedText({
    input: [{ type: "function_call_output", call_id: "c", output: text }],
    output: null,
  }).input,
];

describe("the parts of a turn, read in pieces", () => {
  it("are as they were written, but for data that no search finds, wherever a piece ends", () => {
    fc.assert(
      fc.property(allParts, fc.integer({ min: 1, max: 700 }), (parts, length) => {
        const as = read(parts, length);
        expect(as.map(([side, n]) => [side, n])).toEqual(parts.map(([side, n]) => [side, n]));
        expect(as.map(([, , text]) => found(text))).toEqual(parts.map(([, , text]) => found(text)));
        const isKept = ([, n, text]: TurnPart, at: number) =>
          text.startsWith("data:") || (as[at]?.[2] === text && as[at]?.[1] === n);
        expect(parts.every(isKept)).toBe(true);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });

  it("keep the beginning of each text, and nothing of a picture, where that is enough", () => {
    fc.assert(
      fc.property(allParts, fc.integer({ min: 1, max: 700 }), (parts, length) => {
        for (const [n, [, , text]] of read(parts, length, 20).entries()) {
          expect(JSON.stringify(text).length).toBeLessThanOrEqual(20 + 2);
          const whole = parts[n]?.[2] ?? "";
          expect(whole.startsWith(text)).toBe(true);
          expect(text === whole || JSON.stringify(whole).length > 20).toBe(true);
        }
      }),
      { seed: 7, numRuns: 1_000 },
    );
    const [[, , picture], [, , text]] = read(
      [
        ["input", 0, PICTURE],
        ["input", 1, "plum ".repeat(100)],
      ],
      512,
      30,
    ) as [TurnPart, TurnPart];
    expect([picture, text]).toEqual(["data:image/png;base64,", "plum ".repeat(6)]);
  });

  it("are the same where pieces are skipped of which nothing is kept", () => {
    let all = 0;
    fc.assert(
      fc.property(allParts, fc.integer({ min: 1, max: 700 }), (parts, length) => {
        const { parts: as, skipped } = readSkipping(parts, length, 20);
        expect(as).toEqual(read(parts, length, 20));
        all += skipped;
      }),
      { seed: 7, numRuns: 1_000 },
    );
    expect(all).toBeGreaterThan(1_000);
  });

  it("are refused where one is missing", () => {
    const json = JSON.stringify([["input", 0, "plum"]]);
    for (const written of [json.slice(0, -3), json.slice(4), ""]) {
      const reader = new PartsReader();
      reader.write(written);
      expect(() => reader.end(markOf(json))).toThrow(RangeError);
    }
  });

  it("are refused where any is missing, also one that ends inside of an escape", () => {
    fc.assert(
      fc.property(allParts, fc.integer({ min: 1, max: 40 }), fc.nat(), (parts, length, at) => {
        const json = JSON.stringify(parts);
        const pieces = Array.from({ length: Math.ceil(json.length / length) }, (_none, n) =>
          json.slice(n * length, (n + 1) * length),
        );
        const reader = new PartsReader();
        for (const [n, piece] of pieces.entries())
          if (n !== at % pieces.length) reader.write(piece);
        expect(() => reader.end(markOf(json))).toThrow(RangeError);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });
});
