import type { Context } from "hono";
import type { RequestIdVariables } from "hono/request-id";

import { configOf } from "../config.ts";
import type { Config } from "../config.ts";
import { ApiError } from "../shared/errors.ts";
import { MAX_TIME_MS } from "../shared/time.ts";
import type { Caller } from "./auth/authenticate.ts";

/** What every handler of the app has at hand. */
export interface AppEnv {
  Bindings: Env;
  Variables: RequestIdVariables & { caller: Caller };
}

export type AppContext = Context<AppEnv>;

export const configIn = (c: AppContext): Config => configOf(c.env);

/** The time of the request, in ms since the epoch; with the development clock, the one that it names. */
export function nowIn(c: AppContext): number {
  const header = c.req.header("x-dev-now");
  if (header === undefined || configIn(c).DEV_CLOCK === "off") return Date.now();
  const now = Number(header);
  if (Number.isSafeInteger(now) && now > 0 && now < MAX_TIME_MS) return now;
  throw new ApiError("invalid_request", "x-dev-now takes whole milliseconds since the epoch.", {
    param: "x-dev-now",
  });
}
