import { openAiStatus } from "../problem.ts";
import { STATUS_OF } from "../../shared/errors.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import { archives } from "./archives.ts";
import { asking } from "./asking.ts";
import { calls } from "./calls.ts";
import { openAi } from "./openai.ts";
import { LINES_TYPE } from "./operation.ts";
import type { Operation, Reply, Subject } from "./operation.ts";
import { operators } from "./operators.ts";
import { requestSchemas } from "./request-schemas.ts";
import type { RequestSchemas } from "./request-schemas.ts";
import { many, mapOf, maybe, object, oneOf, only, ref, text, whole } from "./schema.ts";
import type { JsonSchema } from "./schema.ts";
import { sessions } from "./sessions.ts";

const SUBJECTS: readonly Subject[] = [asking, sessions, archives, calls, openAi, operators];

/** What any request with a key may be refused with. */
const KEYED = [
  "invalid_request",
  "unauthorized",
  "key_revoked",
  "forbidden",
  "rate_limited",
  "auth_not_configured",
  "auth_unavailable",
  "storage_unavailable",
] as const satisfies ErrorCode[];

/** What is in a path and no id of the caller's own making. */
const PATH: Record<string, JsonSchema> = { response_id: text, model: text, key_id: text };

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
export function makeDocument(): OpenApiDocument {
  const all = SUBJECTS.flatMap(({ tag, operations }) =>
    Object.entries(operations).map(([route, operation]) => ({ route, tag: tag.name, operation })),
  );
  const requests = requestSchemas(all.map(({ operation }) => operation));
  const paths: OpenApiDocument["paths"] = {};
  for (const { route, tag, operation } of all) {
    const [method = "", path = ""] = route.split(" ");
    const at = documentedPath(path);
    const documented = describe({ method, path: at, tag, operation }, requests);
    paths[at] = { ...paths[at], [method.toLowerCase()]: documented };
  }
  const replies = SUBJECTS.map(({ schemas }) => schemas);
  return {
    openapi: "3.1.1",
    info: {
      title: "Colloquy",
      version: "1",
      description:
        "Conversations of LLM apps: asked, kept, searched, archived and erased. JSON is UTF-8, whatever its Content-Type says. Every reply carries x-request-id.",
    },
    servers: [{ url: "/" }],
    tags: SUBJECTS.map(({ tag }) => tag),
    paths,
    components: {
      schemas: Object.assign({}, requests.components, ...replies, REFUSALS),
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

interface Route {
  method: string;
  path: string;
  tag: string;
  operation: Operation;
}

function describe(route: Route, requests: RequestSchemas): DocumentedOperation {
  const { operation, path, tag } = route;
  const body = requestBody(operation, requests);
  return {
    operationId: operation.id,
    tags: [tag],
    summary: operation.summary,
    security: operation.scope === null ? [] : [{ key: [operation.scope] }],
    parameters: [...pathParameters(path), ...parametersOf(operation, requests)],
    ...(body && { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.replies).map(([status, reply]) => [status, replyOf(reply)]),
      ),
      ...refusalsOf(route),
    },
  };
}

const pathParameters = (path: string): Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: PATH[name] ?? ref("Id"),
  }));

function parametersOf({ query, headers, idempotent }: Operation, requests: RequestSchemas) {
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = query ? requests.queryOf(query) : {};
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
    ...(idempotent && { "Idempotency-Key": "The same request under the same key is done once." }),
  };
  for (const [name, description] of Object.entries(taken))
    parameters.push({ name, in: "header", required: false, description, schema: text });
  return parameters;
}

function requestBody(
  { body, bodyType = "application/json", bodyOptional }: Operation,
  requests: RequestSchemas,
): DocumentedOperation["requestBody"] {
  if (!body && bodyType === "application/json") return undefined;
  const schema = body ? requests.bodyOf(body) : null;
  const isLines = bodyType === LINES_TYPE;
  return {
    required: !bodyOptional,
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

/** What it may be refused with, by status. */
function refusalsOf({ method, path, operation }: Route): Record<string, DocumentedReply> {
  const { scope, body, bodyType, errors = [] } = operation;
  const isOpenAi = path.startsWith("/v1/");
  const codes: ErrorCode[] = [
    ...errors,
    ...(scope === null ? [] : KEYED),
    ...(scope === null || scope === "admin" ? [] : (["account_not_found"] as const)),
    ...(scope === null || method === "GET" ? [] : (["body_too_large"] as const)),
    ...(body && bodyType === undefined ? (["invalid_json"] as const) : []),
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
    ? { allOf: [ref("OpenAiProblem"), { type: "object", properties: { error: code } }] }
    : { allOf: [ref("Problem"), code] };
  return {
    description: codes.map((each) => `\`${each}\``).join(", "),
    content: { [isOpenAi ? "application/json" : "application/problem+json"]: { schema } },
    ...(WAITS.has(status) && { headers: headersOf(WAIT) }),
  };
}

const WAITS = new Set([409, 429, 503]);
const WAIT = {
  "Retry-After": "After how many seconds it may be tried again, where that is known.",
  "retry-after-ms": "Likewise, in milliseconds.",
};

const REFUSALS: Record<string, JsonSchema> = {
  Problem: object({
    type: only("about:blank"),
    title: text,
    status: whole,
    detail: text,
    success: only(false),
    error: text,
    code: text,
    request_id: text,
    "param?": text,
    "call_id?": text,
    "session_id?": text,
    "problems?": many(ref("LineProblem")),
  }),
  OpenAiProblem: object({
    error: object({ message: text, type: text, param: maybe(text), code: text }),
  }),
};
