import type { DocumentedOperation, OpenApiDocument } from "./document.ts";
import type { JsonSchema } from "./schema.ts";

type Schemas = OpenApiDocument["components"]["schemas"];

/** The least that a schema takes. */
function exampleOf(schema: JsonSchema, schemas: Schemas): unknown {
  const { $ref, anyOf, oneOf, type, minimum, minItems } = schema;
  if (typeof $ref === "string") {
    const name = $ref.split("/").at(-1) ?? "";
    return ["Id", "AccountId"].includes(name) ? "my-id" : exampleOf(schemas[name] ?? {}, schemas);
  }
  if ("const" in schema) return schema["const"];
  const some = (schema["enum"] ?? anyOf ?? oneOf) as unknown[] | undefined;
  if (some) return schema["enum"] ? some[0] : exampleOf(some[0] as JsonSchema, schemas);
  if (type === "array")
    return minItems ? [exampleOf((schema["items"] ?? {}) as JsonSchema, schemas)] : [];
  if (type === "string") return schema["format"] === "date-time" ? "2027-01-31T00:00:00Z" : "Hello";
  if (type === "integer" || type === "number") return minimum ?? 1;
  if (type === "boolean") return true;
  const properties = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  const required = (schema["required"] ?? []) as string[];
  return Object.fromEntries(
    required.map((name) => [name, exampleOf(properties[name] ?? {}, schemas)]),
  );
}

/** A call of the operation as curl makes it: of what it needs, and no more. */
export function curlOf(
  method: string,
  path: string,
  { parameters, requestBody, security }: DocumentedOperation,
  schemas: Schemas,
): string {
  const needed = parameters.filter((each) => each.in === "query" && each.required);
  const query = needed.map(({ name, schema }) => `${name}=${String(exampleOf(schema, schemas))}`);
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const isJson = type === "application/json";
  const body =
    content && isJson
      ? `-d '${JSON.stringify(exampleOf(content.schema, schemas))}'`
      : `--data-binary @${type?.includes("form") ? "form" : "lines.ndjson"}`;
  return [
    `curl${method === "GET" ? "" : ` -X ${method}`} "$BASE${[url, ...query].join(query.length > 0 ? "?" : "")}"`,
    ...(security.length > 0 ? [`-H "authorization: Bearer $KEY"`] : []),
    ...(content ? [body] : []),
  ].join(" \\\n  ");
}
