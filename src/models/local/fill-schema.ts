import { clip } from "./clauses.ts";

/** How much of a message is read, in UTF-16 units. */
const MAX_LENGTH = 4_000;
const MAX_TEXT_LENGTH = 80;
/** How far after a property's name its value is looked for, in UTF-16 units. */
const MAX_VALUE_LENGTH = 200;
/** Levels of nesting. A schema may contain itself. */
const MAX_DEPTH = 12;
const MAX_VALUES = 2_000;
const MAX_ITEMS = 20;

const NUMBER = /-?\d+(?:\.\d+)?/;
const NAME_OR_QUOTE =
  /"([^"\n]{1,200})"|“([^”\n]{1,200})”|(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}'’-]*/gu;
/** The value of a property: in quotes, or up to the end of the clause. */
const VALUE = /^(?:"([^"\n]*)"|([^,;\n]*?)(?=\s*(?:[,;\n!?]|\.(?:\s|$)|\sand\s|$)))/;

/** Examples of the formats that OpenAI's structured outputs know. */
const FORMATS = new Map([
  ["date-time", "2026-01-31T00:00:00Z"],
  ["date", "2026-01-31"],
  ["time", "00:00:00Z"],
  ["duration", "P1D"],
  ["email", "someone@example.com"],
  ["hostname", "example.com"],
  ["ipv4", "192.0.2.1"],
  ["ipv6", "2001:db8::1"],
  ["uri", "https://example.com/"],
  ["uuid", "00000000-0000-4000-8000-000000000000"],
]);

type Schema = Record<string, unknown>;

/**
 * A value that fits a JSON Schema, made from a message by rules: enough to try a tool without a model. It follows types,
 * `enum`, `const`, `required`, references within the schema, the first alternative that is not null, and bounds of
 * lengths and numbers. It ignores patterns. The same message and schema give the same value. Never throws.
 */
export const fillSchema = (schema: unknown, message: string): unknown =>
  new Filler(schema, clip(message, MAX_LENGTH)).fill(schema, "", 0);

class Filler {
  readonly #root: unknown;
  readonly #message: string;
  readonly #plain: string;
  /** The last quoted text or capitalised word. */
  readonly #named: string | null;
  #values = 0;

  constructor(root: unknown, message: string) {
    this.#root = root;
    this.#message = message;
    this.#plain = plainOf(message);
    const last = [...message.matchAll(NAME_OR_QUOTE)].at(-1);
    this.#named = last ? (last[1] ?? last[2] ?? last[0]) : null;
  }

  /** @param name - the property's; empty for none */
  fill(given: unknown, name: string, depth: number): unknown {
    this.#values += 1;
    if (depth > MAX_DEPTH || this.#values > MAX_VALUES) return null;
    const schema = this.#resolved(given);
    if ("const" in schema) return schema["const"];
    const choices = schema["enum"];
    if (Array.isArray(choices) && choices.length > 0) return this.#chosen(choices, name);
    switch (typeOf(schema)) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return Array.from({ length: Math.min(numberIn(schema, "minItems") ?? 0, MAX_ITEMS) }, () =>
          this.fill(schema["items"], name, depth + 1),
        );
      case "number":
        return bounded(this.#number(name), schema);
      case "integer":
        return Math.trunc(bounded(Math.trunc(this.#number(name)), schema));
      case "boolean":
        return false;
      case "null":
        return null;
      default:
        return this.#text(schema, name);
    }
  }

  #object(schema: Schema, depth: number): object {
    const properties = objectIn(schema["properties"]);
    const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
    const names = new Set([...Object.keys(properties), ...required]);
    const filled = [...names].flatMap((name): [string, unknown][] => {
      const property = Object.hasOwn(properties, name) ? properties[name] : {};
      const isWanted = required.includes(name) || this.#isFound(property, name);
      return isWanted && this.#values <= MAX_VALUES
        ? [[name, this.fill(property, name, depth + 1)]]
        : [];
    });
    return Object.fromEntries(filled);
  }

  /** Whether the message gives a value to a property that is a text or a number. */
  #isFound(property: unknown, name: string): boolean {
    const value = this.#valueOf(name);
    if (value === null) return false;
    const type = typeOf(this.#resolved(property));
    return type === "string" || ((type === "number" || type === "integer") && NUMBER.test(value));
  }

  #chosen(choices: unknown[], name: string): unknown {
    const wanted = this.#valueOf(name)?.toLowerCase();
    return choices.find((choice) => String(choice).toLowerCase() === wanted) ?? choices[0];
  }

  #number(name: string): number {
    const [number] = NUMBER.exec(this.#valueOf(name) ?? "") ?? NUMBER.exec(this.#message) ?? [];
    const value = Number(number ?? 0);
    return Number.isFinite(value) ? value : 0;
  }

  #text(schema: Schema, name: string): string {
    const format = FORMATS.get(String(schema["format"]));
    const text = this.#valueOf(name) ?? format ?? this.#named ?? this.#message.trim();
    const length = Math.min(numberIn(schema, "maxLength") ?? MAX_TEXT_LENGTH, MAX_TEXT_LENGTH);
    const least = Math.min(numberIn(schema, "minLength") ?? 0, MAX_TEXT_LENGTH);
    return clip(text, Math.max(0, length)).padEnd(least, ".");
  }

  /** The value after a property's name: "city: Paris", "the unit price is 5". */
  #valueOf(name: string): string | null {
    if (name === "" || name.length > MAX_TEXT_LENGTH) return null;
    // Most names are not in the message, and the search below is slow.
    if (!this.#plain.includes(plainOf(name))) return null;
    const words = name.replace(/[^\p{L}\p{N}]/gu, (mark) =>
      "_- ".includes(mark) ? "[_ -]" : `\\u{${mark.codePointAt(0)?.toString(16)}}`,
    );
    const named = new RegExp(`(?<![\\p{L}\\p{N}_])${words}(?:: ?| is | ?= ?)`, "iu");
    const at = named.exec(this.#message);
    if (!at) return null;
    const from = at.index + at[0].length;
    const rest = this.#message.slice(from, from + MAX_VALUE_LENGTH).trimStart();
    const [, quoted, plain] = VALUE.exec(rest) ?? [];
    const value = (quoted ?? plain ?? "").trim();
    return value === "" ? null : value;
  }

  /** A schema with its references and alternatives resolved. Anything else allows any value. */
  #resolved(given: unknown): Schema {
    let schema = objectIn(given);
    for (let step = 0; step < MAX_DEPTH; step += 1) {
      this.#values += 1;
      if (this.#values > MAX_VALUES) return {};
      const { $ref: reference, ...others } = schema;
      const options = [schema["anyOf"], schema["oneOf"]].find(Array.isArray);
      const all = schema["allOf"];
      if (typeof reference === "string")
        schema = { ...others, ...objectIn(pointed(this.#root, reference)) };
      else if (Array.isArray(options)) schema = { ...without(schema), ...this.#firstOf(options) };
      else if (Array.isArray(all))
        schema = merged([without(schema), ...all.map((each) => this.#resolved(each))]);
      else break;
    }
    return schema;
  }

  #firstOf(options: unknown[]): Schema {
    const schemas = options.map(objectIn);
    return schemas.find((each) => typeOf(each) !== "null" && each["const"] !== null) ?? {};
  }
}

/** The type that a schema asks for. Without one, `string`. */
function typeOf(schema: Schema): string {
  const type: unknown = Array.isArray(schema["type"])
    ? (schema["type"].find((each) => each !== "null") ?? "null")
    : schema["type"];
  if (typeof type === "string") return type;
  if ("properties" in schema || "required" in schema) return "object";
  return "items" in schema ? "array" : "string";
}

const plainOf = (text: string): string => text.toLowerCase().replace(/[_-]/g, " ");

function without(schema: Schema): Schema {
  const { anyOf: _any, oneOf: _one, allOf: _all, ...rest } = schema;
  return rest;
}

function merged(schemas: Schema[]): Schema {
  const required = schemas.flatMap((each) =>
    Array.isArray(each["required"]) ? (each["required"] as unknown[]) : [],
  );
  const properties = schemas.map((each) => objectIn(each["properties"]));
  const together: Schema = Object.assign({}, ...schemas);
  return {
    ...together,
    ...(required.length > 0 && { required }),
    ...(properties.some((each) => Object.keys(each).length > 0) && {
      properties: Object.assign({}, ...properties),
    }),
  };
}

/** The value that a pointer such as `#/$defs/name` names. Source: RFC 6901. */
function pointed(root: unknown, reference: string): unknown {
  if (reference !== "#" && !reference.startsWith("#/")) return {};
  return reference
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (at, step) =>
        typeof at === "object" && at !== null && Object.hasOwn(at, step)
          ? (at as Schema)[step]
          : undefined,
      root,
    );
}

function bounded(value: number, schema: Schema): number {
  const above = numberIn(schema, "exclusiveMinimum");
  const below = numberIn(schema, "exclusiveMaximum");
  const least = numberIn(schema, "minimum") ?? (above === null ? -Infinity : above + 1);
  const most = numberIn(schema, "maximum") ?? (below === null ? Infinity : below - 1);
  return Math.max(least, Math.min(most, value));
}

function numberIn(schema: Schema, name: string): number | null {
  const value = schema[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

const objectIn = (value: unknown): Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
