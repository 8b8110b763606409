import type { JsonSchema } from "../../src/http/openapi/schema.ts";

export type Schemas = Record<string, JsonSchema>;
type Check = (expected: unknown, value: unknown, schema: JsonSchema) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const lengthOf = (value: unknown): number =>
  typeof value === "string" ? Array.from(value).length : 0;

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};
const FORMATS: Record<string, RegExp> = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
};

/** Keywords that look at the value itself, and say nothing of one of another type. */
const CHECKS: Record<string, Check> = {
  type: (types, value) => [types].flat().some((type) => TYPES[type as string]?.(value)),
  const: (only, value) => value === only,
  enum: (some, value) => (some as unknown[]).includes(value),
  pattern: (source, value) => typeof value !== "string" || new RegExp(source as string).test(value),
  format: (name, value) => typeof value !== "string" || FORMATS[name as string]!.test(value),
  minLength: (least, value) => typeof value !== "string" || lengthOf(value) >= (least as number),
  maxLength: (most, value) => typeof value !== "string" || lengthOf(value) <= (most as number),
  minimum: (least, value) => typeof value !== "number" || value >= (least as number),
  maximum: (most, value) => typeof value !== "number" || value <= (most as number),
  exclusiveMinimum: (bound, value) => typeof value !== "number" || value > (bound as number),
  minItems: (least, value) => !Array.isArray(value) || value.length >= (least as number),
  maxItems: (most, value) => !Array.isArray(value) || value.length <= (most as number),
  maxProperties: (most, value) => !isObject(value) || Object.keys(value).length <= (most as number),
  required: (names, value) =>
    !isObject(value) || (names as string[]).every((name) => Object.hasOwn(value, name)),
};
/** Keywords that hand on to other schemas; see below. */
const APPLIED = new Set([
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "items",
  "properties",
  "additionalProperties",
  "propertyNames",
]);
const SAYS_NOTHING = new Set(["default", "description"]);

/**
 * What is wrong with a value by its schema, in a few words; null when nothing is. A validator that compiles cannot run in
 * a Worker, so this one looks; a keyword that it does not know is an error.
 */
export function problemIn(
  schema: JsonSchema,
  value: unknown,
  schemas: Schemas,
  at = "$",
): string | null {
  const within = (inner: unknown, each: unknown, name: string) =>
    problemIn(inner as JsonSchema, each, schemas, `${at}.${name}`);
  for (const [keyword, expected] of Object.entries(schema)) {
    const check = CHECKS[keyword];
    if (check && !check(expected, value, schema))
      return `${at}: ${JSON.stringify(value)?.slice(0, 200)} is not ${keyword} ${JSON.stringify(expected)}`;
    if (!check && !APPLIED.has(keyword) && !SAYS_NOTHING.has(keyword))
      throw new Error(`${at}: nobody checks the keyword ${keyword}`);
  }
  const { $ref, allOf = [], items, properties = {}, additionalProperties, propertyNames } = schema;
  if (typeof $ref === "string") {
    const named = schemas[$ref.replace("#/components/schemas/", "")];
    if (!named) throw new Error(`there is no schema ${$ref}`);
    const problem = problemIn(named, value, schemas, at);
    if (problem) return problem;
  }
  for (const each of allOf as JsonSchema[]) {
    const problem = problemIn(each, value, schemas, at);
    if (problem) return problem;
  }
  for (const some of [schema["anyOf"], schema["oneOf"]] as (JsonSchema[] | undefined)[]) {
    const problems = some?.map((each) => problemIn(each, value, schemas, at));
    if (problems?.every((problem) => problem !== null)) return problems.join("; or ");
  }
  if (Array.isArray(value) && items)
    for (const [index, each] of value.entries()) {
      const problem = within(items, each, String(index));
      if (problem) return problem;
    }
  if (!isObject(value)) return null;
  const known = properties as Schemas;
  for (const [name, each] of Object.entries(value)) {
    const own = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!own && additionalProperties === false) return `${at}.${name} is not documented`;
    const inner = own ?? (isObject(additionalProperties) ? additionalProperties : null);
    const problem =
      (inner && within(inner, each, name)) ??
      (isObject(propertyNames) ? within(propertyNames, name, name) : null);
    if (problem) return problem;
  }
  return null;
}
