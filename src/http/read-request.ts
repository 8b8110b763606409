import { z } from "zod";

import { ApiError } from "../shared/errors.ts";
import { ID_PATTERN, ID_RULE } from "../shared/ids.ts";
import { innerOf } from "../shared/unwrap-lazy-schema.ts";
import { isObject } from "../shared/json-merge-patch.ts";
import { METADATA_PAIRS } from "../account/store/sessions/sessions.ts";
import type { AppContext } from "./context.ts";

/** A message's bound, in bytes of UTF-8. */
const MESSAGE_BYTES = 256 * 1024;
export const METADATA_NAME = 64;
export const METADATA_VALUE = 512;

/** An id that callers may bring: a session's, a user's, an account's. */
export const id = z
  .string({ error: `takes an id: ${ID_RULE}` })
  .regex(ID_PATTERN, `takes an id: ${ID_RULE}`);

const wellFormed = (text: string) => text.isWellFormed();
const WELL_FORMED = "holds half of a surrogate pair; send valid Unicode";

/** A short text of an operator's. */
export const shortText = (length: number) =>
  z
    .string()
    .min(1)
    .max(length, `takes ${length} characters at most`)
    .refine(wellFormed, WELL_FORMED);

/** Text that people or models wrote. */
export const message = z
  .string({ error: "takes a string with the message" })
  .regex(/\S/, "is empty; send the message")
  .refine(wellFormed, WELL_FORMED);

/** @throws ApiError `message_too_large` past 256 KiB */
export function checkMessageSize(text: string, param: string): void {
  // UTF-8 takes at most 3 bytes a UTF-16 unit: most messages need no encoding to be measured.
  if (text.length * 3 <= MESSAGE_BYTES || new TextEncoder().encode(text).length <= MESSAGE_BYTES)
    return;
  throw new ApiError("message_too_large", `${param} takes 256 KiB at most.`, { param });
}

const metadataName = z.string().min(1).max(METADATA_NAME).refine(wellFormed, WELL_FORMED);
const metadataValue = z.string().max(METADATA_VALUE).refine(wellFormed, WELL_FORMED);
const METADATA_RULE = `takes an object of at most ${METADATA_PAIRS} strings, names up to ${METADATA_NAME} and values up to ${METADATA_VALUE} characters`;
const withinPairs = (pairs: object) => Object.keys(pairs).length <= METADATA_PAIRS;

/** JSON may have a name that JavaScript takes for something else; what is lost silently is refused instead. */
const named = z
  .unknown()
  .refine(
    (pairs) => typeof pairs !== "object" || pairs === null || !Object.hasOwn(pairs, "__proto__"),
    METADATA_RULE,
  );

export const metadata = named.pipe(
  z
    .record(metadataName, metadataValue, { error: METADATA_RULE })
    .refine(withinPairs, METADATA_RULE)
    .meta({ maxProperties: METADATA_PAIRS }),
);

/** RFC 7396: null removes a name. */
export const metadataPatch = named.pipe(
  z
    .record(metadataName, metadataValue.nullable(), { error: METADATA_RULE })
    .refine(withinPairs, METADATA_RULE)
    .meta({ maxProperties: METADATA_PAIRS }),
);

const STATE_DEPTH = 64;
/** Of any body, what is in it included. */
const BODY_DEPTH = 128;

const isWithinDepth = (value: unknown, left: number): boolean =>
  typeof value !== "object" ||
  value === null ||
  (left > 0 && Object.values(value).every((each) => isWithinDepth(each, left - 1)));

/**
 * What a schema takes that finds it out in a function of its own: for the document of the API, which would not know.
 */
export const takes = new WeakMap<object, () => z.ZodType>();

/** A session's state, or a patch of it. As it came: zod would lose names such as `__proto__`. */
export const stateObject = z
  .unknown()
  .refine(isObject, "takes a JSON object")
  .refine(
    (value) => isWithinDepth(value, STATE_DEPTH),
    `is nested deeper than ${STATE_DEPTH} levels`,
  )
  .meta({ type: "object" });

/** A switch in the query string; off unless it is there. */
export const queryFlag = z
  .enum(["true", "false"], { error: 'takes "true" or "false"' })
  .default("false")
  .transform((value) => value === "true");

const pageLimit = z.coerce
  .number({ error: "takes a whole number from 1 to 100" })
  .int("takes a whole number from 1 to 100")
  .min(1, "takes a whole number from 1 to 100")
  .max(100, "takes a whole number from 1 to 100")
  .default(20);
const orders = z.enum(["asc", "desc"], { error: 'takes "asc" or "desc"' });
const pageCursor = z.string().max(200).optional();

/** `limit`, `order`, `after` and `before` of a list's query string. */
export const pageQuery = (defaults: { order: "asc" | "desc" }) => ({
  limit: pageLimit,
  order: orders.default(defaults.order),
  after: pageCursor,
  before: pageCursor,
});

/**
 * `metadata[topic]=billing`, as other APIs filter.
 *
 * @param others - what the query string has beside what the route knows
 * @param route - what it knows
 */
export function metadataFilter(
  others: Record<string, string>,
  route: z.ZodObject,
): [name: string, value: string][] {
  const filter = Object.entries(others).map(([name, value]): [string, string] => {
    const topic = /^metadata\[(.{1,64})\]$/.exec(name)?.[1];
    if (topic === undefined) parse(z.strictObject(route.shape), { [name]: value });
    return [topic ?? "", value];
  });
  if (filter.length <= METADATA_PAIRS) return filter;
  throw invalid(`A list takes ${METADATA_PAIRS} metadata filters at most.`, "metadata");
}

/** The account that a request may name: `accountId`, as callers always sent it, or `account_id`. */
export const accountNames = { accountId: id.optional(), account_id: id.optional() };
/** The query string of a route that takes nothing else. */
export const onlyAccount = z.strictObject(accountNames);

/**
 * The request's JSON body, whatever its Content-Type says: curl's -d sends a form type.
 *
 * @throws ApiError `invalid_json` or `invalid_request`, naming the field and what it takes
 */
export async function readBody<T extends z.ZodType>(c: AppContext, schema: T): Promise<z.infer<T>> {
  const text = await readText(c);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw notJson();
  }
  return parse(schema, withinDepth(json));
}

/** @throws ApiError `invalid_request` for JSON that is nested deeper than anybody's is */
export function withinDepth(json: unknown): unknown {
  if (isWithinDepth(json, BODY_DEPTH)) return json;
  throw invalid(`The body is nested deeper than ${BODY_DEPTH} levels.`);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** The body as text. @throws ApiError `invalid_json` unless it is UTF-8 */
export async function readText(c: AppContext): Promise<string> {
  const bytes = await c.req.arrayBuffer();
  try {
    return utf8.decode(bytes);
  } catch {
    throw notJson();
  }
}

const notJson = (): ApiError => new ApiError("invalid_json", "The body is not JSON in UTF-8.");

/** An id in the path. Hono has decoded it, so it may be anything. */
export const pathId = (c: AppContext, name: string): string =>
  parse(z.object({ [name]: id }), { [name]: c.req.param(name) })[name] as string;

/**
 * The query string as an object; a name that comes twice is refused.
 *
 * @param passedOver - names that say nothing here, however often they come
 */
export function readQuery<T extends z.ZodType>(
  c: AppContext,
  schema: T,
  passedOver: readonly string[] = [],
): z.infer<T> {
  const query: Record<string, string> = {};
  for (const [name, values] of Object.entries(c.req.queries())) {
    if (passedOver.includes(name)) continue;
    if (values.length > 1) throw invalid(`${name} comes more than once.`, name);
    query[name] = values[0] ?? "";
  }
  return parse(schema, query);
}

/** Fields from the query string or from a JSON body, if there is one; none may be in both. */
export async function readFields<T extends z.ZodType>(
  c: AppContext,
  schema: T,
): Promise<z.infer<T>> {
  const body =
    (await c.req.arrayBuffer()).byteLength > 0
      ? await readBody(c, z.record(z.string(), z.unknown()))
      : {};
  const query = readQuery(c, z.record(z.string(), z.string()));
  const twice = Object.keys(body).find((name) => Object.hasOwn(query, name));
  if (twice !== undefined)
    throw invalid(`${twice} comes both in the query string and in the body.`, twice);
  return parse(schema, { ...body, ...query });
}

/** @throws ApiError `invalid_request`, naming the first wrong field and what it takes */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const field = [...issue.path, issue.keys[0]].join(".").slice(0, 128);
    const whole = schema instanceof z.ZodLazy ? innerOf(schema) : schema;
    const taken =
      issue.path.length === 0 && whole instanceof z.ZodObject
        ? ` This route takes: ${Object.keys(whole.shape).join(", ") || "none"}.`
        : "";
    throw invalid(`Unknown field ${JSON.stringify(field)}.${taken}`, field);
  }
  const path = issue?.path.join(".").slice(0, 128);
  const what = issue?.message ?? "is not what this route takes";
  if (!path)
    throw invalid(issue?.code === "custom" ? `The body ${what}.` : "The body takes a JSON object.");
  throw invalid(/^(takes|is|holds) /.test(what) ? `${path} ${what}.` : `${path}: ${what}.`, path);
}

export const invalid = (what: string, param?: string): ApiError =>
  new ApiError("invalid_request", what, param === undefined ? {} : { param });

const TIME_RULE = "takes a time like 2026-01-31T00:00:00Z, or a day like 2026-01-31";
/** A time, or the beginning of a day, in UTC. */
export const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: TIME_RULE })
  .transform((iso) => Date.parse(iso));
