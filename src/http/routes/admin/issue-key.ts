import { callAccount } from "../../../account/account-client.ts";
import type { IssuedKey } from "../../../account/store/account/api-keys.ts";
import { ApiError } from "../../../shared/errors.ts";
import { missingGrant } from "../../../shared/grants.ts";
import type { Scope } from "../../../shared/scopes.ts";
import { isoTime } from "../../../shared/time.ts";
import { mintKeyId } from "../../auth/api-key-token.ts";
import { signKey } from "../../auth/sign-key.ts";
import type { AppContext } from "../../context.ts";
import type { RouteRequest } from "../../route.ts";
import { recordAction } from "../record-admin-action.ts";

export const hasAllRights = (c: AppContext): boolean =>
  ["root", "open"].includes(c.get("caller").name);

/** Keys come from the root key, or from an admin key whose grants cover them. @throws ApiError `forbidden` */
async function checkMayIssue(
  c: AppContext,
  issued: { account_id: string; scopes: readonly Scope[] },
): Promise<void> {
  if (hasAllRights(c)) return;
  if (issued.scopes.includes("admin")) {
    throw new ApiError("forbidden", "Only the root key gives the scope admin.", {
      param: "scopes",
    });
  }
  const { account_id, key } = c.get("caller");
  const own =
    account_id === null || key === null
      ? null
      : await callAccount(c.env, account_id, (account) => account.settings.grantsOf(key.key_id));
  const missing = missingGrant(own, issued);
  if (missing === null) return;
  const what =
    missing === "scopes"
      ? `the scopes ${issued.scopes.join(", ")}`
      : `keys for the account ${issued.account_id}`;
  throw new ApiError(
    "forbidden",
    `This key's grants do not include ${what}. Have the root key set them: PATCH /admin/keys/{id}.`,
    { param: missing },
  );
}

/**
 * Signs a key, and stores its id in the account's object. The key itself is in the reply alone.
 *
 * @param from - the key that it replaces
 * @throws ApiError `forbidden` when the caller may not issue it
 */
export async function issueKey(
  { c, config, now }: Pick<RouteRequest<never, unknown, unknown>, "c" | "config" | "now">,
  accountId: string,
  fields: Pick<IssuedKey, "name" | "scopes" | "expires_at" | "user_id" | "grants">,
  action: string,
  from?: string,
) {
  const { name, scopes, expires_at, user_id, grants } = fields;
  await checkMayIssue(c, { account_id: accountId, scopes });
  const root = config.ROOT_KEY;
  if (root === undefined) {
    throw new ApiError(
      "auth_not_configured",
      "Keys are signed with ROOT_KEY, and it is not set: npx wrangler secret put ROOT_KEY.",
    );
  }
  const issued: IssuedKey = {
    id: mintKeyId(accountId),
    name,
    scopes,
    created_at: now,
    expires_at,
    revoked_at: null,
    user_id,
    grants,
  };
  await recordAction(c, action, issued.id, {
    scopes,
    ...(grants !== null && { grants }),
    ...(from !== undefined && { from }),
  });
  await callAccount(c.env, accountId, (account) => account.settings.addKey(issued));
  const key = signKey(root, {
    id: issued.id,
    account_id: accountId,
    scopes,
    issued_at: issued.created_at,
    expires_at,
    user_id,
  });
  return { ...keyBody(accountId, issued), key };
}

const optionalTime = (at: number | null): string | null => (at === null ? null : isoTime(at));

export const keyBody = (
  account_id: string,
  { created_at, expires_at, revoked_at, ...key }: IssuedKey,
) => ({
  object: "key" as const,
  account_id,
  ...key,
  created_at: isoTime(created_at),
  expires_at: optionalTime(expires_at),
  revoked_at: optionalTime(revoked_at),
});
