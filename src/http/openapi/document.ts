import { openAiStatus } from "../problem.ts";
import type { Route } from "../route.ts";
import { OTHER_PARAMETERS, queryOf, schemaOf } from "../serve-route.ts";
import { STATUS_OF } from "../../shared/errors.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import { LINES_TYPE, json } from "./reply.ts";
import type { Reply, Replies } from "./reply.ts";
import { lineProblem } from "./shared-replies.ts";
import { requestSchemas } from "./request-schemas.ts";
import type { RequestSchemas } from "./request-schemas.ts";
import {
  many,
  mapOf,
  maybe,
  named,
  namedSchemas,
  object,
  oneOf,
  only,
  ref,
  text,
  whole,
} from "./schema.ts";
import type { JsonSchema } from "./schema.ts";

/** The routes of one subject: a part of the document. */
export interface Subject {
  name: string;
  description: string;
  routes: readonly Route[];
}

/** Refusals of every route that needs a key. */
const KEYED = [
  "invalid_request",
  "unauthorized",
  "key_revoked",
  "forbidden",
  "rate_limited",
  "auth_not_configured",
  "auth_unavailable",
  "storage_unavailable",
  "storage_full",
] as const satisfies ErrorCode[];

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: JsonSchema;
  description?: string;
  style?: "deepObject";
  explode?: true;
}

export interface DocumentedReply {
  description: string;
  headers?: Record<string, { description: string; schema: JsonSchema }>;
  content?: Record<string, { schema: JsonSchema }>;
}

export interface DocumentedOperation {
  operationId: string;
  tags: string[];
  summary: string;
  /** The scope that the key needs; nothing where none is needed. */
  security: { key: string[] }[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, DocumentedReply>;
}

export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, object> };
}

/** The document of the API. Takes some 50 ms. */
export function makeDocument(subjects: readonly Subject[]): OpenApiDocument {
  const requests = requestSchemas(subjects.flatMap(({ routes }) => routes));
  const paths: OpenApiDocument["paths"] = {};
  for (const { name, routes } of subjects)
    for (const route of routes) {
      const path = documentedPath(route.path);
      paths[path] = {
        ...paths[path],
        [route.method.toLowerCase()]: describe(route, path, name, requests),
      };
    }
  return {
    openapi: "3.1.1",
    info: {
      title: "Colloquy",
      version: "1",
      description:
        "Conversations of LLM apps: asked, kept, searched, archived and erased. JSON is UTF-8, whatever its Content-Type says. Every reply carries x-request-id.",
    },
    servers: [{ url: "/" }],
    tags: subjects.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas: { ...requests.components, ...namedSchemas() },
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "A key that has the scope which the operation names.",
        },
      },
    },
  };
}

/** A path of Hono's as OpenAPI has it. */
export const documentedPath = (path: string): string =>
  path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}");

function describe(
  route: Route,
  path: string,
  tag: string,
  requests: RequestSchemas,
): DocumentedOperation {
  const body = requestBody(route, requests);
  return {
    operationId: route.id,
    tags: [tag],
    summary: route.summary,
    security: route.scope === null ? [] : [{ key: [route.scope] }],
    parameters: [...pathParameters(path), ...parametersOf(route, requests)],
    ...(body && { requestBody: body }),
    responses: mergeReplies(repliesOf(route), refusalsOf(route)),
  };
}

/** A status may have a reply of its own and refusals, each in its content type. */
function mergeReplies(
  replies: Replies,
  refusals: Record<string, DocumentedReply>,
): Record<string, DocumentedReply> {
  const own = Object.entries(replies).map(([status, reply]): [string, DocumentedReply] => {
    const { content, ...rest } = replyOf(reply);
    const all = { ...content, ...refusals[status]?.content };
    const hasContent = Object.keys(all).length > 0;
    return [status, { ...rest, ...refusals[status], ...(hasContent && { content: all }) }];
  });
  return { ...refusals, ...Object.fromEntries(own) };
}

const repliesOf = ({ status = 200, reply, replies }: Route): Replies => ({
  ...(reply && { [status]: json(reply()) }),
  ...replies?.(),
});

const pathParameters = (path: string): Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: name in OTHER_PARAMETERS ? text : ref(name === "account_id" ? "AccountId" : "Id"),
  }));

function parametersOf(route: Route, requests: RequestSchemas) {
  const { headers, repeat } = route;
  const query = queryOf(route);
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = query ? requests.queryOf(schemaOf(query)) : {};
  const parameters = Object.entries(properties).map(([name, schema]): Parameter => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
  if (typeof additionalProperties === "object")
    parameters.push({
      name: "metadata",
      in: "query",
      required: false,
      description: "Pairs that the metadata has to have: `metadata[topic]=billing`.",
      style: "deepObject",
      explode: true,
      schema: mapOf(text),
    });
  const taken = {
    ...headers,
    ...(repeat === "key" && {
      "Idempotency-Key": "The same request under the same key is done once.",
    }),
  };
  for (const [name, description] of Object.entries(taken))
    parameters.push({ name, in: "header", required: false, description, schema: text });
  return parameters;
}

function requestBody(
  { body, fields, bodyType = "application/json", bodyOptional }: Route,
  requests: RequestSchemas,
): DocumentedOperation["requestBody"] {
  const make = body ?? fields;
  if (!make && bodyType === "application/json") return undefined;
  const schema = make ? requests.bodyOf(schemaOf(make)) : null;
  const isLines = bodyType === LINES_TYPE;
  return {
    required: !bodyOptional && !fields,
    content: {
      [bodyType]: { schema: isLines || !schema ? text : schema },
      ...(isLines && schema && { "application/json": { schema: oneOf(schema, many(schema)) } }),
    },
  };
}

function replyOf({ content, description = "OK", headers = {} }: Reply): DocumentedReply {
  const types = Object.entries(content).map(([type, schema]) => [type, { schema }]);
  return {
    description,
    ...(types.length > 0 && { content: Object.fromEntries(types) }),
    ...(Object.keys(headers).length > 0 && { headers: headersOf(headers) }),
  };
}

const headersOf = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: text }]),
  );

/** The route's error codes, by status. */
function refusalsOf(route: Route): Record<string, DocumentedReply> {
  const { method, path, scope, body, fields, bodyType, errors = [] } = route;
  const isOpenAi = path.startsWith("/v1/");
  const codes: ErrorCode[] = [
    ...errors,
    ...(scope === null ? [] : KEYED),
    ...(scope === null || scope === "admin" ? [] : (["account_not_found"] as const)),
    ...(scope === null || method === "GET" ? [] : (["body_too_large"] as const)),
    ...((body ?? fields) && bodyType === undefined ? (["invalid_json"] as const) : []),
    ...((body ?? fields ?? bodyType) ? (["invalid_gzip", "unsupported_encoding"] as const) : []),
  ];
  const statuses = Object.groupBy(new Set(codes), (code) =>
    isOpenAi ? openAiStatus({ code }) : STATUS_OF[code],
  );
  return Object.fromEntries(
    Object.entries(statuses).map(([status, some = []]) => [
      status,
      refusal(Number(status), some.toSorted(), isOpenAi),
    ]),
  );
}

function refusal(status: number, codes: ErrorCode[], isOpenAi: boolean): DocumentedReply {
  const code = { type: "object", properties: { code: only(...codes) } };
  const schema = isOpenAi
    ? { allOf: [openAiProblem, { type: "object", properties: { error: code } }] }
    : { allOf: [problem, code] };
  return {
    description: codes.map((each) => `\`${each}\``).join(", "),
    content: { [isOpenAi ? "application/json" : "application/problem+json"]: { schema } },
    ...(WAITS.has(status) && { headers: headersOf(WAIT) }),
  };
}

const WAITS = new Set([409, 429, 503]);
const WAIT = {
  "Retry-After": "After how many seconds the request may be sent again, where that is known.",
  "retry-after-ms": "After how many milliseconds the request may be sent again.",
};

const problem = named("Problem", () =>
  object({
    type: only("about:blank"),
    title: text,
    status: whole,
    detail: text,
    success: only(false),
    error: text,
    code: text,
    request_id: text,
    "param?": text,
    "provider_code?": text,
    "call_id?": text,
    "session_id?": text,
    "problems?": many(lineProblem),
  }),
);
const openAiProblem = named("OpenAiProblem", () =>
  object({ error: object({ message: text, type: text, param: maybe(text), code: text }) }),
);
