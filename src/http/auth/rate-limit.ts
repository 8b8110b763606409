import type { MiddlewareHandler } from "hono";

import { ApiError } from "../../shared/errors.ts";
import { SECOND_MS } from "../../shared/time.ts";
import { requestConfig } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";

/** The period of the `BURST` binding in wrangler.toml. */
const PERIOD_MS = 10 * SECOND_MS;

/**
 * A burst limit for each key, by the platform's rate limiter: per location and approximate there, so a guard against
 * floods. The account's quota is exact.
 */
export const limitBursts: MiddlewareHandler<AppEnv> = async (c, next) => {
  await checkBurst(c);
  return next();
};

/** Counts a request of the caller's. @throws ApiError `rate_limited` */
export async function checkBurst(c: AppContext): Promise<void> {
  if (requestConfig(c).AUTH === "open") return;
  const { success } = await c.env.BURST.limit({ key: c.get("caller").name });
  if (success) return;
  throw new ApiError("rate_limited", "Too many requests at once with this key. Wait a moment.", {
    retry_after_ms: PERIOD_MS,
  });
}
