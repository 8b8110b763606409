/** JSON Schema of draft 2020-12, as OpenAPI 3.1 has it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export const text = { type: "string" } satisfies JsonSchema;
export const number = { type: "number" } satisfies JsonSchema;
export const whole = { type: "integer" } satisfies JsonSchema;
export const truth = { type: "boolean" } satisfies JsonSchema;
export const time = { type: "string", format: "date-time" } satisfies JsonSchema;
export const day = { type: "string", format: "date" } satisfies JsonSchema;
/** JSON of any shape. */
export const anything = {} satisfies JsonSchema;
export const anyObject = { type: "object" } satisfies JsonSchema;

/** Refers to a schema of `components`. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const components = new Map<string, () => JsonSchema>();

/** A schema that the document names: several replies hold it. It is made with the document. */
export function named(name: string, make: () => JsonSchema): JsonSchema {
  components.set(name, make);
  return ref(name);
}

/** The schemas of {@link named}. */
export const namedSchemas = (): Record<string, JsonSchema> =>
  Object.fromEntries([...components].map(([name, make]) => [name, make()]));

export const maybe = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: "null" }] });
export const only = (...values: (string | boolean | null)[]): JsonSchema =>
  values.length === 1 ? { const: values[0] } : { enum: values };
export const oneOf = (...schemas: JsonSchema[]): JsonSchema => ({ anyOf: schemas });
export const many = (items: JsonSchema): JsonSchema => ({ type: "array", items });
export const mapOf = (values: JsonSchema): JsonSchema => ({
  type: "object",
  additionalProperties: values,
});

/** An object of these fields and no others. A field whose name ends in `?` may be missing. */
export function object(fields: Record<string, JsonSchema>): JsonSchema {
  const all = Object.entries(fields).map(([name, schema]) => ({
    name: name.replace("?", ""),
    isNeeded: !name.endsWith("?"),
    schema,
  }));
  return {
    type: "object",
    properties: Object.fromEntries(all.map(({ name, schema }) => [name, schema])),
    required: all.flatMap(({ name, isNeeded }) => (isNeeded ? [name] : [])),
    additionalProperties: false,
  };
}

/** The list that `listOf` of `list-response.ts` makes. */
export const listOf = (element: JsonSchema, id: JsonSchema = text): JsonSchema =>
  object({
    object: only("list"),
    data: many(element),
    first_id: maybe(id),
    last_id: maybe(id),
    has_more: truth,
  });
