import type { MiddlewareHandler } from "hono";

import type { Config } from "../../config.ts";
import { ApiError } from "../../shared/errors.ts";
import { callAccount } from "../../account/account-client.ts";
import { loadOnce } from "../../shared/load-once.ts";
import { SCOPES } from "../../shared/scopes.ts";
import { requestConfig } from "../context.ts";
import type { AppContext, AppEnv, Caller } from "../context.ts";
import { KEY_PREFIX, isSameSecret, verifyKey } from "./api-key-token.ts";

const jwt = loadOnce(() => import("./jwt.ts"));
const OPEN: Caller = { name: "open", account_id: null, scopes: SCOPES, key: null };
const ROOT: Caller = { ...OPEN, name: "root" };

/** Refuses a request without valid credentials. */
export const authenticate: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set("caller", await checkCaller(c));
  return next();
};

/**
 * Reads the caller from the request's credentials, as of now: a connection calls it for each message.
 *
 * @throws ApiError `unauthorized`, `key_revoked`, `auth_not_configured` or `auth_unavailable`
 */
export async function checkCaller(c: AppContext): Promise<Caller> {
  const config = requestConfig(c);
  const caller = config.AUTH === "open" ? OPEN : await callerOf(c, config);
  // An admin key may call other accounts. Its own account's object alone knows whether it is revoked.
  const { key, account_id } = caller;
  if (key && account_id !== null && caller.scopes.includes("admin")) {
    await callAccount(c.env, account_id, (account) => account.settings.checkKey(key));
  }
  return caller;
}

async function callerOf(c: AppContext, config: Config): Promise<Caller> {
  if (config.ROOT_KEY === undefined) {
    throw new ApiError(
      "auth_not_configured",
      "This deployment has no ROOT_KEY, so it has no keys. Set one: openssl rand -base64 32 | npx wrangler secret put ROOT_KEY. For development, AUTH=open needs none.",
    );
  }
  const credentials = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (credentials === undefined) throw unauthorized("Send Authorization: Bearer <key>.");
  if (await isSameSecret(credentials, config.ROOT_KEY)) return ROOT;
  const now = Date.now();
  if (credentials.startsWith(KEY_PREFIX)) {
    const claims = await verifyKey(config.ROOT_KEY, credentials);
    if (!claims) throw unauthorized("The key is not one of this deployment's.");
    if (claims.expires_at !== null && claims.expires_at <= now)
      throw unauthorized("The key has expired. Ask for a new one.");
    const { id, account_id, scopes, issued_at, user_id } = claims;
    const key = { key_id: id, issued_at };
    return { name: id, account_id, scopes, key, user_id: user_id ?? undefined };
  }
  const { verifyJwt } = await jwt();
  const token = await verifyJwt(config, credentials, now, (work) => c.executionCtx.waitUntil(work));
  if (!token) throw unauthorized("The key is not one of this deployment's.");
  const name = `jwt:${token.account_id}:${token.user_id ?? ""}`;
  return { name, key: null, ...token };
}

const unauthorized = (message: string): ApiError => new ApiError("unauthorized", message);
