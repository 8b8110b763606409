import * as fc from "fast-check";
import { expect, it } from "vitest";

import { cutBase64 } from "../../src/shared/cut-base64.ts";

/** The same by a regular expression, which looks at each character. */
const byExpression = (text: string) => text.replaceAll(/(?<![\w+/-])[\w+/-]{512,}={0,2}/g, "…");

it("cuts the same runs as a regular expression, wherever they begin and end", () => {
  const piece = fc.oneof(
    fc.tuple(fc.constantFrom("a", "Z9", "_+/-"), fc.integer({ min: 500, max: 1_600 })),
    fc.tuple(fc.constantFrom(" ", "=", "é", "\u0000", "😀", "b "), fc.integer({ min: 0, max: 4 })),
  );
  const texts = fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => pieces.map(([text, times]) => text.repeat(times)).join(""));
  let cut = 0;
  fc.assert(
    fc.property(texts, (text) => {
      expect(cutBase64(text)).toBe(byExpression(text));
      if (cutBase64(text) !== text) cut += 1;
    }),
    { seed: 21, numRuns: 500 },
  );
  expect(cut).toBeGreaterThan(100);
});

it("keeps 511 such characters, and cuts 512", () => {
  expect(cutBase64(`${"a".repeat(511)} b`)).toBe(`${"a".repeat(511)} b`);
  expect(cutBase64(`x ${"a".repeat(512)}=== b`)).toBe("x …= b");
});
