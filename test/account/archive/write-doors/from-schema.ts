import * as fc from "fast-check";

import type { JsonSchema } from "../../../../src/http/openapi/schema.ts";
import { problemIn } from "../../../wire/validate.ts";
import type { Schemas } from "../../../wire/validate.ts";
import { anything, document, mostly, number, text } from "./values.ts";

export interface Known {
  schemas: Schemas;
  /** Values that mean something, by the name of their field or schema; `own` is what the schema alone would give. */
  meaning: Record<string, (own: () => fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>>;
  /** Fields without which a request would do little: they are never left out, nor are their lists empty. */
  wanted: ReadonlySet<string>;
}

/** Of fields that may be left out, every so many is there. */
const FIELDS_SHARE = 0.2;
/** So deep, schemas that hold themselves end. */
const MAX_DEPTH = 16;
/** A text of the longest length is rare where that is long: it is stored, archived and exported. */
const LONG = 2_000;

/** For patterns: a text of them has to fit each. */
const FITTING = [
  "Hello, how are you?",
  "x",
  "a1",
  "7",
  "local",
  "f".repeat(64),
  "u".repeat(128),
  "a_.:+@=-",
  "1970-01-01",
  "2026-01-31",
  "9999-12-31",
  "1970-01-01T00:00:00Z",
  "2026-01-31T00:00:00.123Z",
  "9999-12-31T23:59:59.999Z",
];

/**
 * What a JSON Schema takes: mostly at its bounds, now and then beyond one of them. The schemas are those of the API's
 * document, so a field that a door gets is written too.
 */
export function fromSchema(
  schema: JsonSchema,
  known: Known,
  field = "",
  depth = 0,
): fc.Arbitrary<unknown> {
  const { schemas, meaning } = known;
  const within = (inner: unknown, name = "") =>
    fromSchema(inner as JsonSchema, known, name, depth + 1);
  const meant = meaning[field];
  if (meant) return meant(() => within(schema));
  if (depth > MAX_DEPTH) return fc.constant(null);
  const { $ref, anyOf, oneOf, const: only, enum: some } = schema;
  if (typeof $ref === "string") {
    const named = $ref.replace("#/components/schemas/", "");
    return within(schemas[named], named);
  }
  if ("const" in schema) return fc.constant(only);
  if (Array.isArray(some)) return fc.constantFrom(...(some as unknown[]));
  const either = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  if (either) return fc.oneof(...either.map((each) => within(each)));
  const types = [schema["type"] ?? "any"].flat() as string[];
  const { wanted } = known;
  const least = wanted.has(field) ? 1 : 0;
  return fc.oneof(...types.map((type) => ofType(type, schema, { within, least, wanted })));
}

interface Inner {
  within: (inner: unknown, name?: string) => fc.Arbitrary<unknown>;
  least: number;
  wanted: ReadonlySet<string>;
}

function ofType(type: string, schema: JsonSchema, inner: Inner): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return textOf(schema);
    case "integer":
    case "number":
      return numberOf(schema, type);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array": {
      const minLength = Math.max((schema["minItems"] ?? 0) as number, inner.least);
      const maxLength = Math.min((schema["maxItems"] ?? Infinity) as number, minLength + 2);
      return fc.array(inner.within(schema["items"] ?? {}), { minLength, maxLength });
    }
    case "object":
      return objectOf(schema, inner);
    default:
      return anything;
  }
}

function textOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const fits = (each: unknown) => problemIn(schema, each, {}) === null;
  const [min, max] = [schema["minLength"] ?? 0, schema["maxLength"] ?? 40] as [number, number];
  const bounds = [min, max].filter((length) => length <= LONG).map((length) => "n".repeat(length));
  const fixed = [...FITTING, ...bounds].filter(fits);
  if (fixed.length === 0) throw new Error(`no text fits ${JSON.stringify(schema)}`);
  const isFree = schema["pattern"] === undefined && schema["format"] === undefined;
  const free = text.map((each) => each.toWellFormed()).filter(fits);
  const good = fc.constantFrom(...fixed);
  return mostly(
    isFree ? fc.oneof(good, free) : good,
    fc.oneof(text, fc.constant("n".repeat(Math.min(max, LONG) + 1))),
  );
}

function numberOf(schema: JsonSchema, type: string): fc.Arbitrary<unknown> {
  const at = (keyword: string) => (schema[keyword] === undefined ? [] : [schema[keyword]]);
  const [min = 0] = [...at("minimum"), ...at("exclusiveMinimum")] as number[];
  const [max = Math.max(min, 2 ** 40)] = at("maximum") as number[];
  const good =
    type === "integer"
      ? fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, 2 ** 31 - 1) }))
      : fc.oneof(fc.constantFrom(min, max, -0), fc.double({ min, max, noNaN: true }));
  return mostly(good, number(min, max));
}

function objectOf(schema: JsonSchema, { within, wanted }: Inner): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties: more } = schema;
  const others =
    typeof more === "object" && more !== null && Object.keys(more).length > 0
      ? fc.dictionary(
          within(schema["propertyNames"] ?? { type: "string" }) as fc.Arbitrary<string>,
          within(more),
          {
            maxKeys: 3,
          },
        )
      : null;
  if (!properties) return others ?? document;
  const fields = Object.entries(properties as Schemas).map(
    ([name, inner]): [string, fc.Arbitrary<unknown>] => [
      name,
      (required as string[]).includes(name) || wanted.has(name)
        ? within(inner, name)
        : sometimes(within(inner, name)),
    ],
  );
  return fc.record(Object.fromEntries(fields)).map(withoutAbsent);
}

/** Many fields at once rarely go together. */
const sometimes = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 100 * (1 - FIELDS_SHARE), arbitrary: fc.constant(ABSENT) },
    { weight: 100 * FIELDS_SHARE, arbitrary: value },
  );
const ABSENT = Symbol("absent");
const withoutAbsent = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, each]) => each !== ABSENT));
