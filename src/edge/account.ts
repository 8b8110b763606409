import type { MiddlewareHandler } from "hono";

import { ApiError } from "../errors.ts";
import { ID_PATTERN, ID_RULE } from "../ids.ts";
import { configIn } from "./context.ts";
import type { AppContext, AppEnv } from "./context.ts";
import { invalid } from "./validate.ts";

/** Whose data it is when nobody says. */
const DEFAULT_ACCOUNT = "default";

/** Refuses everything unless `AUTH` says who may call. */
export const authenticate: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (configIn(c).AUTH === "open") return next();
  throw new ApiError(
    "auth_not_configured",
    "This deployment takes keys (AUTH=keys) and none can be issued yet. For development, start it with AUTH=open.",
  );
};

/**
 * The account that the request is about: with `AUTH=open`, the one that its query string or body names.
 *
 * @throws ApiError when they name different ones
 */
export function accountIn(
  c: AppContext,
  body: { accountId?: string | undefined; account_id?: string | undefined } = {},
): string {
  const named = [
    body.accountId,
    body.account_id,
    c.req.query("accountId"),
    c.req.query("account_id"),
  ].filter((name) => name !== undefined);
  const account = named[0] ?? DEFAULT_ACCOUNT;
  if (!ID_PATTERN.test(account)) throw invalid(`accountId takes an id: ${ID_RULE}.`, "accountId");
  if (named.some((name) => name !== account))
    throw invalid("The request names two accounts; name one.", "accountId");
  return account;
}
