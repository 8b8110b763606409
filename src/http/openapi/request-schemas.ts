import { z } from "zod";
import { contentShape } from "../../shared/items.ts";
import { policies } from "../../policies/policy.ts";
import { inputItem } from "../../openai/responses/item-input.ts";
import { retentionSettings } from "../../account/store/retention/retention-policy.ts";
import type { Route } from "../route.ts";
import { schemaOf } from "../serve-route.ts";
import { ref } from "./schema.ts";
import type { JsonSchema } from "./schema.ts";
import {
  accountIdField,
  documentedSchemas,
  id,
  metadata,
  stateObject,
} from "../../shared/field-schemas.ts";

/** Schemas that several requests and replies hold, by their names in the document. */
const SHARED: Record<string, z.ZodType> = {
  AccountId: accountIdField,
  Id: id,
  Metadata: metadata,
  State: stateObject,
  Content: contentShape,
  InputItem: inputItem,
  RetentionSettings: retentionSettings,
  Policies: policies,
};

export interface RequestSchemas {
  /** Bodies and their shared parts, by name. */
  components: Record<string, JsonSchema>;
  /** The JSON Schema that a route reads its query string with. */
  queryOf: (schema: z.ZodType) => QuerySchema;
  /** Refers to the schema of a body. */
  bodyOf: (schema: z.ZodType) => JsonSchema;
}

export interface QuerySchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
}

/** The zod schemas that the routes read with, as JSON Schemas. */
export function requestSchemas(routes: readonly Route[]): RequestSchemas {
  const registry = z.registry<{ id: string }>();
  const bodies = routes.flatMap(({ id: name, body, fields }) => {
    const make = body ?? fields;
    return make ? [{ name, body: schemaOf(make) }] : [];
  });
  for (const [name, schema] of Object.entries(SHARED)) registry.add(schema, { id: name });
  for (const { name, body } of bodies)
    if (!registry.has(body)) registry.add(body, { id: `${capital(name)}Body` });

  const nameOf = (schema: z.core.$ZodType) => registry.get(schema as z.ZodType)?.id;
  /** The schema itself; it refers to named ones. */
  const inline = (schema: z.ZodType): JsonSchema =>
    plain(z.toJSONSchema(schema, { io: "input", override: referring }));
  const referring: Override = (context) => {
    const name = nameOf(context.zodSchema);
    if (name === undefined) return documenting(context);
    for (const keyword of Object.keys(context.jsonSchema)) delete context.jsonSchema[keyword];
    Object.assign(context.jsonSchema, ref(name));
  };
  const documenting: Override = ({ zodSchema, jsonSchema }) => {
    const meant = documentedSchemas.get(zodSchema)?.() ?? afterUnknown(zodSchema);
    if (meant) Object.assign(jsonSchema, inline(meant));
  };
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    override: documenting,
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

/** The schema after an `unknown` that only checks a value: it says what is taken. */
function afterUnknown(schema: object): z.ZodType | undefined {
  const isLook = schema instanceof z.ZodPipe && schema.in instanceof z.ZodUnknown;
  return isLook && schema.out instanceof z.ZodType && !(schema.out instanceof z.ZodTransform)
    ? schema.out
    : undefined;
}
