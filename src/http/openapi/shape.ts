import type { JsonSchema } from "./schema.ts";

/** Marks the name of a schema in a shape: no other text there has these characters. */
export const NAME = /‹(\w+)›/;

const BOUNDS = ["minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern"];

/** A schema as TypeScript writes types, near enough. */
export function shapeOf(schema: JsonSchema, indent = ""): string {
  const { $ref, properties, items, additionalProperties: more } = schema;
  if (typeof $ref === "string") return `‹${$ref.split("/").at(-1)}›`;
  if ("const" in schema) return JSON.stringify(schema["const"]);
  const values = schema["enum"] as unknown[] | undefined;
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  const some = (schema["anyOf"] ?? schema["oneOf"]) as JsonSchema[] | undefined;
  if (some) return some.map((each) => shapeOf(each, indent)).join(" | ");
  if (items) return `Array<${shapeOf(items as JsonSchema, indent)}>`;
  if (properties) return fieldsOf(schema, indent);
  if (typeof more === "object") return `{ [name]: ${shapeOf(more as JsonSchema, indent)} }`;
  return plainOf(schema);
}

function fieldsOf({ properties, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties as Record<string, JsonSchema>).map(([name, field]) => {
    const mark = (required as string[]).includes(name) ? "" : "?";
    return `${inner}${name}${mark}: ${shapeOf(field, inner)}\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

function plainOf(schema: JsonSchema): string {
  const { type, format } = schema;
  const what = Array.isArray(type) ? type.join(" | ") : ((format ?? type ?? "any") as string);
  const bounds = BOUNDS.filter((name) => name in schema);
  if (bounds.length === 0) return what;
  return `${what} (${bounds.map((name) => `${name} ${String(schema[name])}`).join(", ")})`;
}
