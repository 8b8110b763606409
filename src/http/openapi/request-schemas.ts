import { z } from "zod";
import { contentShape } from "../../shared/items.ts";
import { policies } from "../../policies/policy.ts";
import { inputItem } from "../../openai/responses/item-input.ts";
import { retentionSettings } from "../../account/store/retention/retention-policy.ts";
import type { Operation } from "./operation.ts";
import { ref } from "./schema.ts";
import type { JsonSchema } from "./schema.ts";
import { id, metadata, stateObject, documentedSchemas } from "../../shared/field-schemas.ts";

/** What several requests and replies hold, by the name that it has in the document. */
const SHARED: Record<string, z.ZodType> = {
  Id: id,
  Metadata: metadata,
  State: stateObject,
  Content: contentShape,
  InputItem: inputItem,
  RetentionSettings: retentionSettings,
  Policies: policies,
};

export interface RequestSchemas {
  /** Of bodies and of what they share, by name. */
  components: Record<string, JsonSchema>;
  /** The whole of a schema that an operation reads its query string with. */
  queryOf: (schema: z.ZodType) => QuerySchema;
  /** Where the schema of a body is. */
  bodyOf: (schema: z.ZodType) => JsonSchema;
}

export interface QuerySchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
}

/** The schemas that the routes read with, as JSON Schema. */
export function requestSchemas(operations: readonly Operation[]): RequestSchemas {
  const registry = z.registry<{ id: string }>();
  const bodies = operations.flatMap(({ id: name, body }) => (body ? [{ name, body }] : []));
  for (const [name, schema] of Object.entries(SHARED)) registry.add(schema, { id: name });
  for (const { name, body } of bodies)
    if (!registry.has(body)) registry.add(body, { id: `${capital(name)}Body` });

  const nameOf = (schema: z.core.$ZodType) => registry.get(schema as z.ZodType)?.id;
  /** By itself, with the others by name. */
  const inline = (schema: z.ZodType): JsonSchema =>
    plain(z.toJSONSchema(schema, { io: "input", override: referring }));
  const referring: Override = (context) => {
    const name = nameOf(context.zodSchema);
    if (name === undefined) return telling(context);
    for (const keyword of Object.keys(context.jsonSchema)) delete context.jsonSchema[keyword];
    Object.assign(context.jsonSchema, ref(name));
  };
  const telling: Override = ({ zodSchema, jsonSchema }) => {
    const told = documentedSchemas.get(zodSchema)?.() ?? behindUnknown(zodSchema);
    if (told) Object.assign(jsonSchema, inline(told));
  };
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    override: telling,
    uri: (name) => ref(name)["$ref"] as string,
  });
  return {
    components: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, plain(schema)]),
    ),
    queryOf: (schema) => inline(schema),
    bodyOf: (schema) => ref(nameOf(schema) ?? ""),
  };
}

type Override = NonNullable<z.core.ToJSONSchemaParams["override"]>;

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const plain = ({
  $schema: _schema,
  $id: _id,
  "~standard": _own,
  ...rest
}: object & {
  $schema?: unknown;
  $id?: unknown;
  "~standard"?: unknown;
}): JsonSchema => rest;

/** A schema that only looks at a value before another one takes it: the other says what. */
function behindUnknown(schema: object): z.ZodType | undefined {
  const isLook = schema instanceof z.ZodPipe && schema.in instanceof z.ZodUnknown;
  return isLook && schema.out instanceof z.ZodType && !(schema.out instanceof z.ZodTransform)
    ? schema.out
    : undefined;
}
