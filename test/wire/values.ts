import type { JsonSchema } from "../../src/http/openapi/schema.ts";
import { problemIn } from "./validate.ts";
import type { Schemas } from "./validate.ts";

/** Numbers in [0, 1), and what is made with them. */
export class Chance {
  readonly #next: () => number;
  constructor(next: () => number) {
    this.#next = next;
  }
  is = (share: number): boolean => this.#next() < share;
  below = (bound: number): number => Math.floor(this.#next() * bound);
  of<T>(some: readonly T[]): T {
    if (some.length === 0) throw new Error("there is nothing to choose from");
    return some[this.below(some.length)] as T;
  }
}

/** Texts for whatever pattern there is; one that none of them fits needs one more. */
const TEXTS = [
  "Hello, how are you?",
  "My name is Alice.",
  "x",
  "a1",
  "7",
  "SM0123456789abcdef0123456789abcdef",
  "delivered",
  "local",
  "openai/gpt-5",
  "2026-01-31",
  "2026-01-31T00:00:00Z",
  "whatsapp:+4915112345678",
  "get_weather",
  "مرحبا ‏ right to left",
  "👩‍👩‍👧 emoji",
  "NUL \u0000 inside",
  "__proto__",
  "dead_1",
];

export interface Known {
  schemas: Schemas;
  /** Values that mean something to the account, by the name of their field. */
  meaning: Record<string, readonly unknown[]>;
}

const resolved = (schema: JsonSchema, schemas: Schemas): JsonSchema =>
  typeof schema["$ref"] === "string"
    ? resolved(schemas[schema["$ref"].replace("#/components/schemas/", "")] as JsonSchema, schemas)
    : schema;

/** A value that the schema takes. @param name - of the field that it is for */
export function valid(chance: Chance, schema: JsonSchema, known: Known, name = ""): unknown {
  const meant = known.meaning[name];
  if (meant && meant.length > 0 && chance.is(0.7)) {
    const value = chance.of(meant);
    if (problemIn(schema, value, known.schemas) === null) return value;
  }
  const own = resolved(schema, known.schemas);
  if ("const" in own) return own["const"];
  if (own["enum"]) return chance.of(own["enum"] as unknown[]);
  const some = (own["anyOf"] ?? own["oneOf"]) as JsonSchema[] | undefined;
  if (some) return valid(chance, chance.of(some), known, name);
  const type = chance.of([own["type"] ?? "any"].flat() as string[]);
  if (type === "string") return validText(chance, own);
  if (type === "integer" || type === "number") return validNumber(chance, own, type);
  if (type === "boolean") return chance.is(0.5);
  if (type === "null") return null;
  if (type === "array") {
    const least = (own["minItems"] ?? 0) as number;
    const count = Math.min(least + chance.below(3), (own["maxItems"] ?? Infinity) as number);
    return Array.from({ length: count }, () =>
      valid(chance, (own["items"] ?? {}) as JsonSchema, known, name),
    );
  }
  if (type === "object") return validObject(chance, own, known);
  return chance.of([null, true, 0, "text", [], {}, { a: [1, "b", null] }]);
}

function validText(chance: Chance, schema: JsonSchema): string {
  const fitting = TEXTS.filter((text) => problemIn(schema, text, {}) === null);
  if (fitting.length === 0) throw new Error(`no text fits ${JSON.stringify(schema)}`);
  return chance.of(fitting);
}

function validNumber(chance: Chance, schema: JsonSchema, type: string): number {
  const least = (schema["minimum"] ?? schema["exclusiveMinimum"] ?? 0) as number;
  const most = (schema["maximum"] ?? least + 1_000) as number;
  const value = least + 1 + chance.below(Math.min(most - least, 1_000));
  return type === "integer"
    ? Math.min(value, most)
    : Math.min(value - chance.below(100) / 100, most);
}

function validObject(chance: Chance, schema: JsonSchema, known: Known): object {
  const required = (schema["required"] ?? []) as string[];
  // Many fields at once seldom go together; and without `input` nothing is asked.
  const share = chance.of([0, 0.1, 0.3]);
  const fields = Object.entries((schema["properties"] ?? {}) as Schemas).filter(
    ([name]) => required.includes(name) || name === "input" || chance.is(share),
  );
  const more = schema["additionalProperties"] as JsonSchema | boolean | undefined;
  const extra = typeof more === "object" ? ["topic", "k"].slice(chance.below(3)) : [];
  return Object.fromEntries([
    ...fields.map(([name, field]) => [name, valid(chance, field, known, name)]),
    ...extra.map((name) => [name, valid(chance, more as JsonSchema, known)]),
  ]);
}

/** Values at the edges of what the schema takes, and one beyond them. */
export function edges(schema: JsonSchema, schemas: Schemas): unknown[] {
  const own = resolved(schema, schemas);
  const some = (own["anyOf"] ?? own["oneOf"] ?? []) as JsonSchema[];
  const at = (keyword: string) => (own[keyword] === undefined ? [] : [own[keyword] as number]);
  const lengths = [...at("minLength"), ...at("maxLength")].flatMap((n) => [n - 1, n, n + 1]);
  const bounds = [...at("minimum"), ...at("maximum"), ...at("exclusiveMinimum")];
  const items = [...at("minItems"), ...at("maxItems")].flatMap((n) => [n - 1, n, n + 1]);
  return [
    null,
    "",
    0,
    -1,
    [],
    {},
    ...some.flatMap((each) => edges(each, schemas)),
    ...lengths.filter((n) => n >= 0 && n < 300_000).map((n) => "a".repeat(n)),
    ...bounds.flatMap((n) => [n - 1, n - 0.5, n, n + 0.5, n + 1]),
    ...items.filter((n) => n >= 0 && n <= 2_000).map((n) => Array.from({ length: n }, () => "a")),
  ];
}

/** What somebody sends who means harm, or has no idea. */
export const HOSTILE_TEXTS = [
  "../../x",
  "..%2f..%2fx",
  "%00",
  "a\u0000b",
  "a\r\nb: c",
  "\ud800",
  "\udc00\ud800",
  "\u202eabc",
  "x".repeat(10_000),
  "ä".repeat(150_000),
  "'; drop table turns; --",
  '"',
  "NOT",
  "foo:x",
  "-x",
  "*",
  "a* OR b NEAR(c d) ^e (f AND",
  "{}",
  "[]",
  "null",
  "true",
  "1e309",
  "-0",
  "NaN",
  "__proto__",
  "constructor",
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "${7*7}{{7*7}}",
  "﻿",
  " ",
  "\t\n",
];

export const HOSTILE_VALUES: readonly unknown[] = [
  ...HOSTILE_TEXTS,
  null,
  true,
  false,
  0,
  -1,
  0.1,
  2 ** 53,
  -(2 ** 63),
  1e300,
  [],
  {},
  [null],
  [[[[]]]],
  { a: { b: { c: {} } } },
  { length: 5 },
  { toString: "x", valueOf: 1 },
];
