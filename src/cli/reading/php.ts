import { unserialize } from "php-serialize";

/** How PHP's `serialize` begins: an array, an object, a text, a number, a boolean or null. */
const BEGINS = /^(?:[aOC]:\d+:|s:\d+:"|[idb]:[-\d.]|N;)/;

/**
 * The value of a text that PHP's `serialize` wrote. Arrays with the keys 0, 1, 2 … are lists, objects of any class are
 * plain objects.
 *
 * @returns undefined for a text that PHP did not serialise
 */
export function phpValueOf(text: string): unknown {
  if (!BEGINS.test(text)) return undefined;
  try {
    return plain(unserialize(text, {}, { strict: false }));
  } catch {
    return undefined;
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map((each: unknown) => plain(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "__PHP_Incomplete_Class_Name")
      // PHP writes a protected property as NUL, *, NUL and its name; a private one with its class in place of the *.
      .map(([name, each]) => [name.replace(/^\0[^\0]*\0/, ""), plain(each)]),
  );
}
