import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { NumberTooLarge, parseJson, sortedJson } from "../../src/shared/json.ts";

const again = (text: string) => JSON.stringify(parseJson(text));

describe("the JSON reader", () => {
  it.each([
    "1145678901234567891",
    "-1001234567890123456",
    "9007199254740993",
    "[9223372036854775807,18446744073709551615]",
    '{"a":{"b":[1145678901234567891,1145678901234567892]}}',
    `{"n":${"9".repeat(308)}}`,
    '{"__proto__":1145678901234567891}',
    '["1145678901234567891",9007199254740993]',
    "[0.12345678901234568,-9007199254740993]",
  ])("keeps the digits of whole numbers: %s", (text) => {
    expect(again(text)).toBe(text);
  });

  it("keeps every whole number and every double, in any layout", () => {
    const number = fc.oneof(
      fc.bigInt({ min: -(2n ** 1000n), max: 2n ** 1000n }),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each)),
    );
    const document = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        number,
        fc.string(),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(document, fc.constantFrom("", " ", "\n\t"), (value, space) => {
        const text = JSON.stringify(value);
        expect(again(JSON.stringify(value, null, space))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("reads what else there is as JSON.parse does", () => {
    for (const text of [
      "9007199254740991",
      "0.1000000000000000055",
      "-0.01234567890123456",
      "1e21",
      "12e-400",
      '"1145678901234567891"',
      '[":1145678901234567891", "1e999"]',
      '"1234567890123456"',
      '["id 9007199254740993 of", "66f0e123 ", "7e400,", "7e400"]',
      "1234567890123456",
      "-1234567890123456",
      "1234567890.1234567",
      "-12345678901234567.5",
      "[1e300,-1E+300,1.5e20,2.5E-400,1e-999]",
    ])
      expect(parseJson(text)).toStrictEqual(JSON.parse(text));
    expect(() => parseJson("{1145678901234567891}")).toThrow(SyntaxError);
  });

  it.each([
    ["1e400", ""],
    ["-1e0400", ""],
    ["[1,1e400]", "1"],
    ['{"a":"66f0e123","b":1e400}', "b"],
    ['{"a":-1E400 }', "a"],
    ['{"a":1.5e+0308,"b":[\n1e309\n]}', "b.0"],
    ['{"a":[1,{"b":1E+999}]}', "a.1.b"],
    ['{"a":12345.6e305}', "a"],
    [`[${"9".repeat(400)}]`, "0"],
    [`[${"9".repeat(400)}.5]`, "0"],
  ])("refuses a number that no double holds: %s", (text, path) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ path }));
    expect(() => parseJson(text)).toThrow(NumberTooLarge);
  });

  it("sorts names, and leaves large numbers what they are", () => {
    expect(sortedJson({ b: 1145678901234567891n, a: [{ d: 1, c: 2 }] })).toBe(
      '{"a":[{"c":2,"d":1}],"b":1145678901234567891}',
    );
  });
});
