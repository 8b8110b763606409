import type { z } from "zod";

import type { AccountRpc } from "../account/rpc/facets.ts";
import type { Config } from "../config.ts";
import type { ErrorCode, Result } from "../shared/errors.ts";
import type { Principal } from "../shared/principal.ts";
import type { Scope } from "../shared/scopes.ts";
import type { Access, AccountNames } from "./auth/authorise.ts";
import type { AppContext } from "./context.ts";
import type { Replies } from "./openapi/reply.ts";
import type { JsonSchema } from "./openapi/schema.ts";

/**
 * One description a route: its path, its scope, what it reads, its documentation and its handler. `serve-route.ts`
 * serves it, and `openapi/document.ts` documents it.
 *
 * Schemas and replies are functions: start-up pays for one object a route. A schema is made at its first use.
 */
export interface Route extends Documentation {
  method: Method;
  /** Hono's own type. */
  path: string;
  /** The scope that the key needs. Null: the route needs no key. */
  scope: Scope | null;
  handle(request: RouteRequest<string, unknown, unknown>): Answer;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
/** An object is the JSON of the reply. */
type Answer = Response | object | Promise<Response | object>;
export type MakeSchema<T extends z.ZodType = z.ZodType> = () => T;

export type Middleware = "headers" | "rate limit" | "body limit";

/**
 * How a POST goes that is sent twice.
 *
 * - `key`: it takes `Idempotency-Key`, and is done once under the same one
 * - `safe`: once more changes nothing, by ids in the request or by what it does. The header says nothing
 * - `refused`: each request makes something more, and no repeat could return the first. The header is refused, with this
 *   reason: its sender believes that the request is done once
 */
export type Repeat = "key" | "safe" | { refused: string };

type Repeating<A extends Place> = A extends `POST ${string}`
  ? { repeat: Repeat }
  : { repeat?: never };

interface Documentation {
  /** Name of the operation in the document, and in clients that are made of it. */
  id: string;
  summary: string;
  /** Reads the query string. Without it, a route of an account takes `accountId` alone. */
  query?: MakeSchema;
  /** Names in the query string that the route passes over, or all of them. */
  ignoredQuery?: readonly string[] | "all";
  /** Reads the body as JSON. */
  body?: MakeSchema;
  /** An empty body is read as `{}`. */
  bodyOptional?: true;
  /** Reads fields from the query string or from a JSON body. The handler has them as its `body`. */
  fields?: MakeSchema;
  /** Content type of a body that the handler reads itself. `body` then describes a line of it, or its fields. */
  bodyType?: string;
  /** Each POST says it. */
  repeat?: Repeat;
  /** Other headers that the route takes, and their meaning. */
  headers?: Record<string, string>;
  /** Status of the JSON that the handler returns, 200 by default. */
  status?: 200 | 201 | 202;
  /** Schema of the JSON that the handler returns. */
  reply?: () => JsonSchema;
  /** Other replies, by status. */
  replies?: () => Replies;
  /** Codes of this route. `openapi/document.ts` adds those of every route. */
  errors?: readonly ErrorCode[];
  /**
   * The route's action on data, for the account's log. A function reads it from the request's fields; null: none.
   * Routes that erase, move, bring, take or bind data say so.
   */
  audit?: string | ((fields: { hold?: unknown }) => string | null);
  /** The first middleware of app.ts that does not hold for the route. */
  exempt?: Middleware;
}

/** One of the two is needed. */
type Replying =
  | { reply: () => JsonSchema; replies?: () => Replies }
  | { reply?: never; replies: () => Replies };

type Description<Q extends z.ZodType, B extends z.ZodType> = Omit<
  Documentation,
  "query" | "body" | "fields" | "reply" | "replies" | "repeat"
> &
  Replying & { query?: MakeSchema<Q>; body?: MakeSchema<B>; fields?: MakeSchema<B> };

type Place = `${Method} /${string}`;
/** Names of the parameters in a path. */
type InPath<A extends string> = A extends `${string}:${infer Name}/${infer Rest}`
  ? Name | InPath<Rest>
  : A extends `${string}:${infer Name}`
    ? PlainName<Name>
    : never;
type PlainName<N extends string> = N extends `${infer Name}{${string}` ? Name : N;

/** The names of the account are in `access`, and in `names`. */
type WithoutNames<T> = T extends object
  ? string extends keyof T
    ? T
    : "accountId" extends keyof T
      ? Omit<T, keyof AccountNames>
      : T
  : T;

/** A request, as its route reads it. */
export interface RouteRequest<P extends string, Q, B> {
  c: AppContext;
  path: Record<P, string>;
  query: Q;
  body: B;
  /** Names of the account in the body. */
  names: AccountNames;
  /** The account that the request is about, with the key and the user that it is made for. */
  access: Access;
  /** One RPC to the account's object. */
  call: <T>(
    send: (account: AccountRpc, caller: Principal | null) => Promise<Result<T>>,
  ) => Promise<T>;
  /** Time of the request, in ms since the epoch. */
  readonly now: number;
  readonly config: Config;
}

/** A route for keys of one scope. */
export const route = <const A extends Place, Q extends z.ZodType, B extends z.ZodType>(
  place: A,
  description: Description<Q, B> &
    Repeating<A> & {
      scope: Scope;
      handle: (
        request: RouteRequest<InPath<A>, WithoutNames<z.infer<Q>>, WithoutNames<z.infer<B>>>,
      ) => Answer;
    },
): Route => describe(place, description);

/** A route that needs no key: it is open, or its caller signs. */
export const openRoute = <const A extends Place, Q extends z.ZodType, B extends z.ZodType>(
  place: A,
  description: Description<Q, B> &
    Repeating<A> & {
      handle: (
        request: Pick<
          RouteRequest<never, z.infer<Q>, z.infer<B>>,
          "c" | "query" | "now" | "config"
        >,
      ) => Answer;
    },
): Route => describe(place, { scope: null, ...description });

/** The types above have checked the description: only its handler knows what `query` and `body` are. */
function describe(place: Place, description: object): Route {
  const space = place.indexOf(" ");
  const at = { method: place.slice(0, space), path: place.slice(space + 1) };
  return { ...at, ...description } as Route;
}
