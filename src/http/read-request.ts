import { z } from "zod";

import { ApiError } from "../shared/errors.ts";
import { unwrapLazySchema } from "../shared/unwrap-lazy-schema.ts";
import { isObject } from "../shared/json-merge-patch.ts";
import { dropUnknownFields, ignoredHeader } from "./ignored-fields.ts";
import { requestConfig } from "./context.ts";
import { readBytes } from "./inflate-body.ts";
import type { AppContext } from "./context.ts";
import { METADATA_PAIRS, accountIdField, isWithinDepth } from "../shared/field-schemas.ts";
import { NumberTooLarge, parseJson } from "../shared/json.ts";
/** Levels of nesting that a body may have. */
const BODY_DEPTH = 128;
/** A switch in the query string; off by default. */
export const queryFlag = z
  .enum(["true", "false"], { error: 'takes "true" or "false"' })
  .default("false")
  .transform((value) => value === "true");

const LIMIT_RULE = "takes a whole number from 1 to 100";
/** `limit` of a list's query string. */
export const pageLimit = (byDefault = 20) =>
  z.coerce
    .number({ error: LIMIT_RULE })
    .int(LIMIT_RULE)
    .min(1, LIMIT_RULE)
    .max(100, LIMIT_RULE)
    .default(byDefault);
const orders = z.enum(["asc", "desc"], { error: 'takes "asc" or "desc"' });
const pageCursor = z.string().max(200).optional();

/** `limit`, `order`, `after` and `before` of a list's query string. */
export const pageQuery = (defaults: { order: "asc" | "desc" }) => ({
  limit: pageLimit(),
  order: orders.default(defaults.order),
  after: pageCursor,
  before: pageCursor,
});

const METADATA_FILTER = /^metadata\[(.{1,64})\]$/;

/** The query string of a list that takes the fields and `metadata[topic]=billing`, as other APIs filter. */
export const listQuery = <T extends z.ZodRawShape>(fields: T) =>
  z
    .object(fields)
    .catchall(z.string())
    .check(({ value, issues }) => {
      const keys = Object.keys(value).filter(
        (name) => !Object.hasOwn(fields, name) && !METADATA_FILTER.test(name),
      );
      if (keys.length > 0) issues.push({ code: "unrecognized_keys", keys, input: value });
    });

/** The topics of the metadata filters in what a {@link listQuery} has beside its own fields. */
export function metadataFilter(others: Record<string, string>): [topic: string, value: string][] {
  const filter = Object.entries(others).map(([name, value]): [string, string] => [
    METADATA_FILTER.exec(name)?.[1] ?? "",
    value,
  ]);
  if (filter.length <= METADATA_PAIRS) return filter;
  throw invalid(`A list takes ${METADATA_PAIRS} metadata filters at most.`, "metadata");
}

/** The account that a request may name: `accountId`, as callers always sent it, or `account_id`. */
export const accountNames = {
  accountId: accountIdField.optional(),
  account_id: accountIdField.optional(),
};
/** The query string of a route that takes no other field. */
export const accountQuery = () => z.strictObject(accountNames);

/** The query string of a route that takes nothing. */
export const noFields = () => z.strictObject({});

/**
 * The request's JSON body, whatever its Content-Type says: curl's -d sends a form type.
 *
 * @param isOptional - an empty body is `{}`
 * @throws ApiError `invalid_json` or `invalid_request`, naming the field and what it takes
 */
export async function readBody<T extends z.ZodType>(
  c: AppContext,
  schema: T,
  isOptional = false,
): Promise<z.infer<T>> {
  const text = await readText(c);
  if (isOptional && text === "") return parseTelling(c, schema, {});
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    if (error instanceof NumberTooLarge) throw tooLarge(error);
    throw notJson();
  }
  return parseTelling(c, schema, withinDepth(json));
}

/** Parses as the route does, and names the ignored fields in `x-ignored-fields`. */
function parseTelling<T extends z.ZodType>(c: AppContext, schema: T, value: unknown): z.infer<T> {
  const { data, ignored } = parseOpenly(c, schema, value);
  if (ignored.length > 0) c.header("x-ignored-fields", ignoredHeader(ignored), { append: true });
  return data;
}

const takesUnknown = (c: AppContext): boolean =>
  c.req.path.startsWith("/v1/") && requestConfig(c).STRICT === "off";

/**
 * Under `/v1` unknown fields are dropped, unless `STRICT` is on: clients send fields of newer APIs. Elsewhere they are
 * refused.
 */
export function parseOpenly<T extends z.ZodType>(
  c: AppContext,
  schema: T,
  value: unknown,
): { data: z.infer<T>; ignored: string[] } {
  if (!takesUnknown(c)) return { data: parse(schema, value), ignored: [] };
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data, ignored: [] };
  const ignored = dropUnknownFields(schema, value);
  return { data: parse(schema, value), ignored };
}

/** @throws ApiError `invalid_request` for JSON that is nested deeper than {@link BODY_DEPTH} */
export function withinDepth(json: unknown): unknown {
  if (isWithinDepth(json, BODY_DEPTH)) return json;
  throw invalid(`The body is nested deeper than ${BODY_DEPTH} levels.`);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** The body as text. @throws ApiError `invalid_json` unless it is UTF-8 */
export async function readText(c: AppContext): Promise<string> {
  const bytes = await readBytes(c);
  try {
    return utf8.decode(bytes);
  } catch {
    throw notJson();
  }
}

const notJson = (): ApiError => new ApiError("invalid_json", "The body is not JSON in UTF-8.");

/**
 * The query string as an object; a name that comes twice is refused.
 *
 * @param ignored - names that the route passes over
 */
export function readQuery<T extends z.ZodType>(
  c: AppContext,
  schema: T,
  ignored: readonly string[] = [],
): z.infer<T> {
  return parseTelling(c, schema, Object.fromEntries(queryPairs(c, ignored)));
}

/** No schema sees the name `__proto__`: it is refused here, or passed over where unknown names are. */
function queryPairs(c: AppContext, ignored: readonly string[]): [name: string, value: string][] {
  return Object.entries(c.req.queries())
    .filter(([name]) => !ignored.includes(name) && !(name === "__proto__" && takesUnknown(c)))
    .map(([name, [value = "", ...others]]) => {
      if (name === "__proto__") throw invalid(`Unknown field "${name}".`, name);
      if (others.length > 0) throw invalid(`${name} comes more than once.`, name);
      return [name, value];
    });
}

/** Zod's own record drops the name `__proto__`, which the route's schema has to refuse. */
const anyObject = z.custom<object>(isObject, "takes a JSON object");

/** Fields from the query string or from a JSON body, if there is one; none may be in both. */
export async function readFields<T extends z.ZodType>(
  c: AppContext,
  schema: T,
): Promise<z.infer<T>> {
  const body = (await c.req.arrayBuffer()).byteLength > 0 ? await readBody(c, anyObject) : {};
  const query = Object.fromEntries(queryPairs(c, []));
  const twice = Object.keys(body).find((name) => Object.hasOwn(query, name));
  if (twice !== undefined)
    throw invalid(`${twice} comes both in the query string and in the body.`, twice);
  return parse(schema, { ...body, ...query });
}

const ANOTHER = "is not what this route takes";
/** Begins what zod says itself, where a schema has no words of its own. */
const OF_ZOD = /^(Invalid|Too (small|big))\b/;

/** What a field takes, in the words of the schema. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (!OF_ZOD.test(issue.message)) return issue.message;
  if (issue.code === "invalid_type")
    return `takes ${/^[aeio]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
  if (issue.code === "invalid_value") return `takes ${alternatives(issue.values)}`;
  if ("options" in issue && Array.isArray(issue.options))
    return `takes ${alternatives(issue.options)}`;
  if (issue.code === "too_small") {
    const bound = issue.inclusive === false ? "more than" : "at least";
    return `takes ${issue.exact ? "exactly" : bound} ${counted(issue.minimum, issue.origin)}`;
  }
  if (issue.code === "too_big") {
    const bound = issue.inclusive === false ? "less than" : "at most";
    return `takes ${issue.exact ? "exactly" : bound} ${counted(issue.maximum, issue.origin)}`;
  }
  return ANOTHER;
}

function alternatives(values: readonly unknown[]): string {
  const named = values.map((value) => (typeof value === "string" ? `"${value}"` : String(value)));
  const last = named.pop() ?? "";
  return named.length === 0 ? last : `${named.join(", ")} or ${last}`;
}

const UNITS: Record<string, string> = { string: "character", array: "element" };

function counted(count: number | bigint, origin: string): string {
  const unit = UNITS[origin];
  return unit === undefined ? `${count}` : `${count} ${unit}${Number(count) === 1 ? "" : "s"}`;
}

/** @throws ApiError `invalid_request`, naming the first wrong field and what it takes */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const field = [...issue.path, issue.keys[0]].join(".").slice(0, 128);
    const whole = schema instanceof z.ZodLazy ? unwrapLazySchema(schema) : schema;
    const taken =
      issue.path.length === 0 && whole instanceof z.ZodObject
        ? ` This route takes: ${Object.keys(whole.shape).join(", ") || "none"}.`
        : "";
    throw invalid(`Unknown field ${JSON.stringify(field)}.${taken}`, field);
  }
  const path = issue?.path.join(".").slice(0, 128);
  const what = issue === undefined ? ANOTHER : ruleOf(issue);
  if (!path)
    throw invalid(issue?.code === "custom" ? `The body ${what}.` : "The body takes a JSON object.");
  throw invalid(/^(takes|is|holds) /.test(what) ? `${path} ${what}.` : `${path}: ${what}.`, path);
}

export const tooLarge = ({ path }: NumberTooLarge): ApiError =>
  invalid(
    `${path === "" ? "The body" : path.slice(0, 128)} takes numbers up to 1.8e308; send a larger one as a string.`,
    path === "" ? undefined : path.slice(0, 128),
  );

export const invalid = (what: string, param?: string): ApiError =>
  new ApiError("invalid_request", what, param === undefined ? {} : { param });
