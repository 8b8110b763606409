import { ApiError } from "../../shared/errors.ts";
import { ACCOUNT_ID_PATTERN, ACCOUNT_ID_RULE } from "../../shared/ids.ts";
import type { Scope } from "../../shared/scopes.ts";
import type { AppContext } from "../context.ts";
import { invalid } from "../read-request.ts";
import type { Principal } from "../../shared/principal.ts";

/** The account of root and open requests that name none. */
export const DEFAULT_ACCOUNT = "default";

/** An account, with the key and the user that it is used for. */
export interface Access {
  account_id: string;
  principal: Principal | null;
}

export interface AccountNames {
  accountId?: string | undefined;
  account_id?: string | undefined;
}

/** @throws ApiError `forbidden` */
export function requireScope(c: AppContext, scope: Scope): void {
  const { scopes } = c.get("caller");
  if (scopes.includes(scope)) return;
  throw new ApiError(
    "forbidden",
    `This request needs the scope ${scope}. The key has ${scopes.join(", ") || "none"}.`,
  );
}

/**
 * The account that the request is about. It is the caller's own. Naming another one is answered like naming one that
 * does not exist. Root, and admin keys, may name any.
 *
 * @param body - the names in the request's body; those in the query string are read here
 * @throws ApiError `account_not_found` for another's account
 */
export function accessTo(c: AppContext, body: AccountNames = {}): Access {
  const caller = c.get("caller");
  const own = caller.account_id ?? DEFAULT_ACCOUNT;
  const named = namedAccount(c, body) ?? own;
  const anywhere = caller.account_id === null || caller.scopes.includes("admin");
  if (named !== own && !anywhere) throw accountNotFound();
  const { user_id, role } = caller;
  const key = named === caller.account_id ? caller.key : null;
  const bound = key !== null || user_id !== undefined;
  return { account_id: named, principal: bound ? { key, user_id, role } : null };
}

function namedAccount(c: AppContext, body: AccountNames): string | undefined {
  const names = [
    body.accountId,
    body.account_id,
    c.req.query("accountId"),
    c.req.query("account_id"),
  ];
  const [account, ...others] = names.filter((name) => name !== undefined);
  if (account === undefined) return undefined;
  if (!ACCOUNT_ID_PATTERN.test(account))
    throw invalid(`accountId takes an id: ${ACCOUNT_ID_RULE}.`, "accountId");
  if (others.some((name) => name !== account))
    throw invalid("The request names two accounts; name one.", "accountId");
  return account;
}

export const accountNotFound = (): ApiError =>
  new ApiError("account_not_found", "There is no such account.");
