import * as fc from "fast-check";

import { MAX_TIME_MS, isoTime } from "../../../../src/shared/time.ts";

/** Values at the bounds of what is stored, one beyond them, and others. */

export const number = (...edges: number[]) =>
  fc.oneof(
    fc.constantFrom(
      0,
      -0,
      1,
      -1,
      0.5,
      1e300,
      2 ** 53,
      -(2 ** 53),
      ...edges,
      ...edges.map((each) => each + 1),
    ),
    fc.nat(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );

export const text = fc.oneof(
  fc.constantFrom(
    "",
    "\u0000",
    "\u0001",
    "\u0001[",
    "\ud800",
    "a\udc00",
    "\u2028",
    "😀",
    '"\\',
    "__proto__",
    "x".repeat(300),
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);

export const name = fc.oneof(
  fc.constantFrom("p", "n".repeat(256), "n".repeat(257), "n".repeat(600)),
  text,
);

export const time = fc.oneof(
  fc.constantFrom(
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59.999Z",
    "+010000-01-01T00:00:00Z",
    "+100000-01-01T00:00:00Z",
    "2026-02-28T23:59:60Z",
    "2026-10-25T02:30:00+14:00",
    "0000-01-01T00:00:00Z",
  ),
  fc.integer({ min: 0, max: MAX_TIME_MS - 1 }).map(isoTime),
);

/** Doors that refuse are mostly sent what they take, to the bound. */
export const mostly = <T>(good: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: odd });

export const whole = (max: number) =>
  mostly(fc.oneof(fc.constantFrom(0, 1, max - 1, max), fc.integer({ min: 0, max })), number(max));
export const words = mostly(
  text.map((each) => each.toWellFormed()),
  text,
);
export const short = mostly(
  name.map((each) => each.toWellFormed().slice(0, 256) || "n"),
  name,
);
export const moment = mostly(fc.integer({ min: 0, max: MAX_TIME_MS - 1 }).map(isoTime), time);

const json = fc.oneof(
  text,
  // Beyond 2^53, as chat platforms number people.
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, 0, -0, 2 ** 53, 1e300),
  fc.jsonValue({ maxDepth: 3 }),
);
export const document = fc.dictionary(
  fc.oneof(text, fc.constantFrom("constructor", "toString", "a.b")),
  json,
  { maxKeys: 3 },
);
export const anything = fc.oneof(json, document, fc.array(json, { maxLength: 3 }));

/** Few, so that writes meet in them. */
export const SESSIONS = 12;
export const session = fc
  .integer({ min: 1, max: SESSIONS })
  .map((n) => (n % 4 === 0 ? `-19:s${n}@thread;id=1|T` : `s${n}`));

export const lines = (values: readonly unknown[]) =>
  values.map((value) => JSON.stringify(value)).join("\n");
