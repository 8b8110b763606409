import { z } from "zod";

/**
 * The one JSON reader. `JSON.parse` rounds whole numbers above 2^53: two ids become one. Here such numbers become a
 * bigint, and `JSON.stringify` writes a bigint as its digits.
 *
 * Fractions and numbers with an exponent are doubles, as RFC 8259 advises. A number that no double holds, such as 1e400,
 * is refused: `JSON.stringify` would write null.
 */

/** TypeScript's library does not have JSON.parse with source text yet: ECMAScript 2026. */
interface SourceJson {
  parse: (
    text: string,
    reviver: (name: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown;
  rawJSON: (text: string) => object;
  isRawJSON: (value: unknown) => boolean;
}
const sourceJson = JSON as unknown as SourceJson;

// Every writer of JSON goes through it, also in libraries. Without it a bigint is a TypeError.
// oxlint-disable-next-line no-extend-native -- the hook that JSON.stringify has for it
Object.defineProperty(BigInt.prototype, "toJSON", {
  configurable: true,
  writable: true,
  value(this: bigint) {
    return sourceJson.rawJSON(this.toString());
  },
});

/** JSON has a number that cannot be kept. */
export class NumberTooLarge extends SyntaxError {
  override readonly name = "NumberTooLarge";
  readonly path: string;

  constructor(path: string) {
    super(`${path === "" ? "it" : path} is a number beyond 1.8e308`);
    this.path = path;
  }
}

/**
 * Sixteen digits in a row, wherever they stand: a double may round a number of them. Written out, because V8 then looks at
 * every eighth character of a text. It tries `\d{16}` at each.
 */
const LONG_DIGITS = /\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d/;
/** An exponent of three digits, up to where a number ends. Hexadecimal ids are full of such, and do not end so. */
const LONG_EXPONENT = /\d[eE]\+?\d\d\d+(?:[\s,\]}]|$)/;
/** Where a number begins that a double may round or not hold. Fractions have a dot before the digits. */
const LARGE_NUMBER = /(?:^|[\s:,[])-?(?:\d{16}|\d[\d.]*[eE]\+?\d{3})/;

/** Most texts are done with the first two tests, which together take a small part of what parsing takes. */
const hasLargeNumber = (text: string): boolean =>
  (LONG_DIGITS.test(text) || LONG_EXPONENT.test(text)) && LARGE_NUMBER.test(text);

/**
 * Parses JSON like `JSON.parse`, but whole numbers beyond 2^53 are bigints.
 *
 * @param mayHaveLargeNumber - false where it is known that every number is meant as a double
 * @throws SyntaxError for text that is not JSON
 * @throws NumberTooLarge for a number beyond the range of a double
 */
export function parseJson(text: string, mayHaveLargeNumber = true): unknown {
  if (!mayHaveLargeNumber || !hasLargeNumber(text)) return JSON.parse(text);
  let isTooLarge = false;
  const value = sourceJson.parse(text, (_name, each, { source }) => {
    if (typeof each !== "number" || Number.isSafeInteger(each)) return each;
    // A bigint has as many digits as a double's range, or fewer.
    if (!Number.isFinite(each)) isTooLarge = true;
    else if (source !== undefined && /^-?\d+$/.test(source)) return BigInt(source);
    return each;
  });
  if (isTooLarge) throw new NumberTooLarge(pathOfInfinity(value) ?? "");
  return value;
}

function pathOfInfinity(value: unknown): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : "";
  if (typeof value !== "object" || value === null) return null;
  for (const [name, each] of Object.entries(value)) {
    const rest = pathOfInfinity(each);
    if (rest !== null) return rest === "" ? name : `${name}.${rest}`;
  }
  return null;
}

/** JSON that is the same for every order of names. */
export const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    // A bigint is raw JSON already.
    typeof each === "object" && each !== null && !Array.isArray(each) && !sourceJson.isRawJSON(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

/** A number of a document. `String` of it is its digits, `Number` of it the nearest double. */
export const isNumber = (value: unknown): value is number | bigint =>
  typeof value === "bigint" || Number.isFinite(value);

/** A number that stands for an id, as its digits. */
export const numberId = () =>
  z
    .unknown()
    .refine((value) => typeof value === "bigint" || Number.isSafeInteger(value))
    .meta({ type: "integer" })
    .transform(String);
