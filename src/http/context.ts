import type { Context } from "hono";
import type { RequestIdVariables } from "hono/request-id";

import { configOf } from "../config.ts";
import type { Config } from "../config.ts";
import { ApiError } from "../shared/errors.ts";
import { MAX_TIME_MS } from "../shared/time.ts";
import type { Scope } from "../shared/scopes.ts";
import type { KeyUse } from "../shared/principal.ts";

/** Bindings and variables of every handler. */
export interface AppEnv {
  Bindings: Env;
  Variables: RequestIdVariables & { caller: Caller };
}

export type AppContext = Context<AppEnv>;

export const requestConfig = (c: AppContext): Config => configOf(c.env);

/** The time of the request, in ms since the epoch; with the development clock, the one that it names. */
export function requestTime(c: AppContext): number {
  const header = c.req.header("x-dev-now");
  if (header === undefined || requestConfig(c).DEV_CLOCK === "off") return Date.now();
  const now = Number(header);
  if (Number.isSafeInteger(now) && now > 0 && now < MAX_TIME_MS) return now;
  throw new ApiError("invalid_request", "x-dev-now takes whole milliseconds since the epoch.", {
    param: "x-dev-now",
  });
}

/** The caller, by its credentials. */
export interface Caller {
  /** For the admin log and the rate limit: `root`, `open`, a key's id, or `jwt:<account>:<user>`. */
  name: string;
  /** The caller's own account; null for root and open, which have none. */
  account_id: string | null;
  scopes: readonly Scope[];
  /** Passed to the account's object, which refuses a revoked key. */
  key: KeyUse | null;
  /** The user that the key or token is bound to. */
  user_id?: string | undefined;
  /** The user's role, where a token names one. */
  role?: string | undefined;
}
