import type { Hono } from "hono";
import { z } from "zod";

import { callAccount } from "../account/account-client.ts";
import { noteInContext } from "../observe/request-context.ts";
import { externalCallId } from "../shared/field-schemas.ts";
import { ACCOUNT_ID_PATTERN, ACCOUNT_ID_RULE, ID_PATTERN, ID_RULE } from "../shared/ids.ts";
import { audited } from "./audit.ts";
import { accessTo, requireScope } from "./auth/authorise.ts";
import type { Access, AccountNames } from "./auth/authorise.ts";
import { requestConfig, requestTime } from "./context.ts";
import type { AppContext, AppEnv } from "./context.ts";
import { accountQuery, invalid, parse, readBody, readFields, readQuery } from "./read-request.ts";
import type { MakeSchema, Route, RouteRequest } from "./route.ts";

/** Parameters of paths that are not ids of our form, with their schemas. Null: the handler reads the parameter. */
export const OTHER_PARAMETERS: Readonly<Record<string, MakeSchema | null>> = {
  call_id: externalCallId,
  response_id: null,
  model: null,
  key_id: null,
  circuit: null,
};

/** A route without a key has no account: `openRoute` hides it from the handler. */
const NO_ACCESS: Access = { account_id: "", principal: null };

/** Has the app serve the routes, in their order. */
export function serveRoutes(app: Hono<AppEnv>, routes: readonly Route[]): void {
  for (const route of routes) app.on(route.method, route.path, (c) => serve(c, route));
}

/** Checks the scope first: a key without it learns nothing about the route. */
async function serve(c: AppContext, route: Route): Promise<Response> {
  if (route.scope !== null) requireScope(c, route.scope);
  checkRepeat(c, route);
  const path = readPath(c);
  const query = readQueryOf(c, route);
  const { body, names } = await readBodyOf(c, route);
  const access = route.scope === null ? NO_ACCESS : accessTo(c, names);
  noteSubject(route, path, access);
  const request: RouteRequest<string, unknown, unknown> = {
    c,
    path,
    query,
    body,
    names,
    access,
    call: (send) =>
      callAccount(c.env, access.account_id, (account) => send(account, access.principal)),
    get now() {
      return requestTime(c);
    },
    get config() {
      return requestConfig(c);
    },
  };
  const handle = () => route.handle(request);
  const { account_id } = access;
  const answer = await audited(c, route, { account_id, path, query, body }, handle);
  return answer instanceof Response ? answer : c.json(answer, route.status ?? 200);
}

/** @throws ApiError `invalid_request` where the route refuses an idempotency key */
function checkRepeat(c: AppContext, { repeat }: Route): void {
  if (typeof repeat !== "object" || c.req.header("idempotency-key") === undefined) return;
  throw invalid(`${c.req.path} takes no Idempotency-Key: ${repeat.refused}`, "Idempotency-Key");
}

/** Notes for the log which account and call the request is about. An admin's request may be about none. */
function noteSubject({ scope }: Route, path: Record<string, string>, access: Access): void {
  const account_id = scope === "admin" ? path["account_id"] : access.account_id;
  const call_id = path["call_id"];
  noteInContext({ ...(account_id && { account_id }), ...(call_id !== undefined && { call_id }) });
}

/** Hono has decoded the path, so a parameter may be any text. */
function readPath(c: AppContext): Record<string, string> {
  const path: Record<string, string> = c.req.param();
  for (const [name, value] of Object.entries(path)) {
    const make = OTHER_PARAMETERS[name];
    if (make) parse(z.object({ [name]: schemaOf(make) }), { [name]: value });
    if (make !== undefined) continue;
    const [pattern, rule] =
      name === "account_id" ? [ACCOUNT_ID_PATTERN, ACCOUNT_ID_RULE] : [ID_PATTERN, ID_RULE];
    if (!pattern.test(value)) throw invalid(`${name} takes an id: ${rule}.`, name);
  }
  return path;
}

function readQueryOf(c: AppContext, route: Route): unknown {
  const { ignoredQuery } = route;
  const query = queryOf(route);
  if (!query || route.fields || ignoredQuery === "all") return {};
  const schema = schemaOf(query);
  return splitNames(schema, readQuery(c, schema, ignoredQuery)).rest;
}

/** A route's query parameters, by its description or its scope. */
export const queryOf = ({ query, scope }: Route): MakeSchema | undefined =>
  query ?? (scope === null || scope === "admin" ? undefined : accountQuery);

async function readBodyOf(
  c: AppContext,
  { body, fields, bodyOptional, bodyType }: Route,
): Promise<{ body: unknown; names: AccountNames }> {
  const make = fields ?? body;
  if (!make || bodyType !== undefined) return { body: undefined, names: {} };
  const schema = schemaOf(make);
  const read = fields ? await readFields(c, schema) : await readBody(c, schema, bodyOptional);
  const { rest, names } = splitNames(schema, read);
  return { body: rest, names };
}

const made = new WeakMap<MakeSchema, z.ZodType>();

/** The schema, made once. */
export function schemaOf<T extends z.ZodType>(make: MakeSchema<T>): T {
  const schema = (made.get(make) as T | undefined) ?? make();
  made.set(make, schema);
  return schema;
}

/** Takes the names of the account out of a value whose schema has them. Other JSON may have such names, too. */
function splitNames(schema: z.ZodType, value: unknown): { rest: unknown; names: AccountNames } {
  const inner = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
  const hasNames = inner instanceof z.ZodObject && Object.hasOwn(inner.shape, "accountId");
  if (!hasNames || value === null) return { rest: value, names: {} };
  const { accountId, account_id, ...rest } = value as AccountNames & object;
  return { rest, names: { accountId, account_id } };
}
