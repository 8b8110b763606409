import { signatureOf } from "../../src/outbound/twilio.ts";
import type { DocumentedOperation, Parameter } from "../../src/http/openapi/document.ts";
import type { JsonSchema } from "../../src/http/openapi/schema.ts";
import { HOSTILE_TEXTS, HOSTILE_VALUES, edges, valid } from "./values.ts";
import type { Chance, Known } from "./values.ts";
import { VARS } from "./world.ts";
import type { Caller } from "./world.ts";

export interface Route {
  method: string;
  path: string;
  operation: DocumentedOperation;
}

/** A request that is about to be made. */
export interface Attempt {
  kind: "valid" | "edge" | "hostile";
  /** What was done to it. */
  how: string;
  url: string;
  headers: [string, string][];
  body: string | Uint8Array | null;
}

type Pair = [name: string, value: string];
interface Parts {
  path: Record<string, string>;
  query: Pair[];
  headers: Pair[];
  body: unknown;
  /** In place of the body. */
  raw?: string | Uint8Array;
}

const LINES = "application/x-ndjson";
const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";

const bytes = (...all: number[]) => new Uint8Array(all);
const deep = (open: string, close: string, depth: number) =>
  `${open.repeat(depth)}${close.repeat(depth)}`;
/** Bodies that no schema would make. */
const RAW_BODIES: readonly (string | Uint8Array)[] = [
  "",
  "hello",
  "[",
  "null",
  "[]",
  "{}",
  "0",
  '"text"',
  "[null]",
  "[[]]",
  '{"query":1e400,"input":1e400,"older_than_days":1e400}',
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"query":"\\ud800","message":"\\ud800","input":"\\udfff"}',
  '{"query":"a\\u0000b","input":"a\\u0000b"}',
  "\n\n\n",
  '{"type":"session"}\n{"type":"turn"}\nnot json\n',
  deep("[", "]", 300),
  deep("[", "]", 100_000),
  `{"metadata":${deep('{"a":', "}", 5_000).replace("}", "1}")}}`,
  bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
  bytes(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
  bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d),
  bytes(0x1f, 0x8b, 0x08, 0x00, 0x00),
  bytes(0),
];
const HUGE = "x".repeat(2_200_000);

const ODD_HEADERS: readonly Pair[] = [
  ["content-type", "text/plain"],
  ["content-type", "multipart/form-data; boundary=x"],
  ["content-type", "application/json; charset=utf-16"],
  ["content-type", "nonsense"],
  ["content-encoding", "gzip"],
  ["content-encoding", "br, br"],
  ["accept", "image/png"],
  ["accept", "text/event-stream;q=2, */*;q=nonsense"],
  ["accept", "x".repeat(9_000)],
  ["idempotency-key", "a b"],
  ["idempotency-key", "k".repeat(256)],
  ["if-match", "3"],
  ["if-match", 'W/"1", "'],
  ["if-none-match", '"1'],
  ["range", "bytes=0-1"],
  ["x-dev-now", "nonsense"],
  ["x-request-id", "a b\tc"],
  ["x-request-id", "x".repeat(300)],
  ["x-forwarded-for", "127.0.0.1"],
  ["x-http-method-override", "DELETE"],
  ["origin", "null"],
  ["expect", "nothing"],
];
const ODD_QUERIES = [
  "limit=1&limit=2",
  "accountId=a/b",
  "unknown=1",
  "__proto__=x",
  "metadata[__proto__]=x",
  "metadata[a]=b&metadata[a]=c",
  "metadata[]=x",
  "after=%00",
  "after=%ff",
  "%",
  "=",
  "&&&",
  `limit=${"9".repeat(400)}`,
  "limit=1e2&order=ASC",
  "offset=-1",
  `q=${"%22".repeat(300)}`,
];
const ODD_PATHS = ["%00", "%ff", "%", "..%2f..%2fx", "a%0d%0ab", "%e2%80%ae", "*", "a;b=c", "~"];

/** A request of the operation, made by chance. */
export function attempt(chance: Chance, route: Route, known: Known, caller: Caller): Attempt {
  const parts = sound(chance, route, known, caller);
  const roll = chance.below(100);
  const kind = roll < 40 ? "valid" : roll < 65 ? "edge" : "hostile";
  const how =
    kind === "valid"
      ? ""
      : kind === "edge"
        ? toEdge(chance, route, known, parts)
        : toHostile(chance, route, parts);
  return { kind, how, ...written(chance, route, parts, caller) };
}

/** What the operation takes, as its document says. */
function sound(chance: Chance, { operation }: Route, known: Known, caller: Caller): Parts {
  const { parameters, requestBody } = operation;
  const taken = (place: Parameter["in"], share: number) =>
    parameters.filter((each) => each.in === place && (each.required || chance.is(share)));
  const textOf = ({ name, schema }: Parameter) => {
    const value = valid(chance, schema, known, name);
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  const path = Object.fromEntries(taken("path", 1).map((each) => [each.name, textOf(each)]));
  const query = taken("query", 0.2)
    .filter(({ name }) => !name.startsWith("account") || caller.names === undefined)
    .flatMap((each): Pair[] =>
      each.style === "deepObject"
        ? [["metadata[topic]", "billing"]]
        : [
            [
              each.name,
              each.name.startsWith("account") ? String(meantOr(chance, each, known)) : textOf(each),
            ],
          ],
    );
  const headers = taken("header", 0.3).map(({ name }): Pair => [name, headerText(chance, name)]);
  const content = requestBody?.content ?? {};
  const schema = content[JSON_TYPE]?.schema ?? content[FORM]?.schema;
  const isSent = requestBody && (requestBody.required || chance.is(0.7));
  const body = isSent && schema ? valid(chance, schema, known) : undefined;
  const isLines = isSent && content[LINES] !== undefined && !schema;
  return { path, query, headers, body, ...(isLines && { raw: linesFor(chance, known) }) };
}

const meantOr = (chance: Chance, { name, schema }: Parameter, known: Known): unknown => {
  const meant = known.meaning[name] ?? [];
  return meant.length > 0 ? chance.of(meant) : valid(chance, schema, known, name);
};

const linesFor = (chance: Chance, { meaning }: Known): string =>
  String(chance.of(meaning["lines"] ?? [""]));

function headerText(chance: Chance, name: string): string {
  if (name === "If-Match" || name === "If-None-Match") return chance.of(['"0"', '"1"', "*", '"2"']);
  if (name === "Upgrade") return "websocket";
  return `key-${chance.below(1_000_000)}`;
}

/** One of its values becomes one at the edge of what is taken. */
function toEdge(chance: Chance, { operation }: Route, { schemas }: Known, parts: Parts): string {
  const inQuery = operation.parameters.filter((each) => each.in === "query");
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const fields = schema ? fieldsOf(schema, schemas) : [];
  if (fields.length > 0 && (inQuery.length === 0 || chance.is(0.7))) {
    const [name, field] = chance.of(fields);
    const body = (parts.body ?? {}) as Record<string, unknown>;
    if (chance.is(0.1)) delete body[name];
    else body[name] = chance.of(edges(field, schemas));
    parts.body = body;
    delete parts.raw;
    return `body.${name}`;
  }
  if (inQuery.length === 0) return "";
  const { name, schema: field } = chance.of(inQuery);
  const value = chance.of(edges(field, schemas));
  parts.query = parts.query.filter(([each]) => each !== name);
  parts.query.push([name, typeof value === "string" ? value : JSON.stringify(value)]);
  return `query.${name}`;
}

function fieldsOf(schema: JsonSchema, schemas: Known["schemas"]): [string, JsonSchema][] {
  const { $ref, anyOf, properties } = schema;
  if (typeof $ref === "string")
    return fieldsOf(schemas[$ref.split("/").at(-1) ?? ""] ?? {}, schemas);
  if (anyOf) return (anyOf as JsonSchema[]).flatMap((each) => fieldsOf(each, schemas));
  return Object.entries((properties ?? {}) as Record<string, JsonSchema>);
}

function toHostile(chance: Chance, { operation }: Route, parts: Parts): string {
  const places = ["query", "header", "raw query"];
  if (Object.keys(parts.path).length > 0) places.push("path", "path");
  if (operation.requestBody) places.push("body", "body", "body", "body", "raw body", "raw body");
  const place = chance.of(places);
  if (place === "path") {
    const name = chance.of(Object.keys(parts.path));
    const text = chance.of(HOSTILE_TEXTS).slice(0, 10_000);
    parts.path[name] = chance.is(0.5) ? text : `\u0000${chance.of(ODD_PATHS)}`;
  } else if (place === "query") {
    const named = operation.parameters.filter((each) => each.in === "query");
    const name = named.length > 0 ? chance.of(named).name : "unknown";
    parts.query = parts.query.filter(([each]) => each !== name);
    parts.query.push([name, chance.of(HOSTILE_TEXTS).slice(0, 10_000)]);
  } else if (place === "raw query") parts.query.push(["\u0000", chance.of(ODD_QUERIES)]);
  else if (place === "header") parts.headers.push(chance.of(ODD_HEADERS));
  else if (place === "raw body") parts.raw = chance.is(0.02) ? HUGE : chance.of(RAW_BODIES);
  else {
    delete parts.raw;
    parts.body = spoilt(chance, parts.body ?? {});
  }
  return place;
}

/** Somewhere in it, something else. */
function spoilt(chance: Chance, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && chance.is(0.8)) {
    const at = chance.below(value.length);
    return value.map((each, index) => (index === at ? spoilt(chance, each) : each));
  }
  if (typeof value !== "object" || value === null || chance.is(0.05))
    return chance.of(HOSTILE_VALUES);
  const names = Object.keys(value);
  if (names.length === 0 || chance.is(0.2)) {
    const name = chance.of([
      "unknown",
      "__proto__",
      "constructor",
      "toString",
      "",
      "a.b",
      "\u0000",
    ]);
    return Object.fromEntries([...Object.entries(value), [name, chance.of(HOSTILE_VALUES)]]);
  }
  const name = chance.of(names);
  const inner = (value as Record<string, unknown>)[name];
  const isInside = typeof inner === "object" && inner !== null && chance.is(0.6);
  return { ...value, [name]: isInside ? spoilt(chance, inner) : chance.of(HOSTILE_VALUES) };
}

const encoded = (text: string): string =>
  text.startsWith("\u0000") ? text.slice(1) : encodeURIComponent(text.toWellFormed());

function written(
  chance: Chance,
  { path, operation }: Route,
  parts: Parts,
  caller: Caller,
): Pick<Attempt, "url" | "headers" | "body"> {
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(parts.path[name] ?? ""));
  const named: Pair[] = caller.names === undefined ? [] : [["accountId", caller.names]];
  // First, whatever else was done to it: where it is not looked for twice, it counts.
  const query = [...named, ...parts.query]
    .map(([name, value]) =>
      name === "\u0000" ? value : `${encoded(name)}=${encodeURIComponent(value.toWellFormed())}`,
    )
    .join("&");
  const url = new URL(`http://colloquy.test${at}${query ? `?${query}` : ""}`).href;
  const types = Object.keys(operation.requestBody?.content ?? {});
  const type = types.includes(FORM) ? FORM : chance.of(["none", ...types]);
  const body = parts.raw ?? bodyOf(type, parts.body);
  const headers: Pair[] = [...parts.headers];
  if (caller.authorization !== null) headers.push(["authorization", caller.authorization]);
  if (body !== null && type !== "none") headers.unshift(["content-type", type]);
  const accepted = Object.keys(operation.responses["200"]?.content ?? {});
  if (accepted.length > 1 && chance.is(0.3)) headers.unshift(["accept", chance.of(accepted)]);
  if (types.includes(FORM) && chance.is(0.9))
    headers.push(["x-twilio-signature", signed(new URL(url), body)]);
  return { url, headers, body };
}

function bodyOf(type: string, body: unknown): string | null {
  if (body === undefined) return null;
  if (type !== FORM) return JSON.stringify(body) ?? "";
  const fields = typeof body === "object" && body !== null ? Object.entries(body) : [];
  return new URLSearchParams(
    fields.map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ).toString();
}

function signed({ pathname, search }: URL, body: string | Uint8Array | null): string {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body ?? new Uint8Array());
  const url = VARS.PUBLIC_URL + pathname + search;
  return signatureOf(VARS.TWILIO_AUTH_TOKEN, url, new URLSearchParams(text));
}
