import { Hono } from "hono";
import { z } from "zod";

import { authorise } from "../../auth/authorise.ts";
import { requestConfig, requestTime } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { accountOfKeyId, mintKeyId, signKey } from "../../auth/api-key-token.ts";
import { wholeListOf } from "../../list-response.ts";
import { invalid, readBody, readFields, readQuery } from "../../read-request.ts";
import { ApiError } from "../../../shared/errors.ts";
import { callAccount } from "../../../account/account-client.ts";
import { SCOPES } from "../../../shared/scopes.ts";
import type { IssuedKey } from "../../../account/store/account/api-keys.ts";
import { MAX_TIME_MS, DAY_MS, SECOND_MS, isoTime } from "../../../shared/time.ts";
import { id, shortText } from "../../../shared/field-schemas.ts";
import { recordAction } from "../record-admin-action.ts";

const SCOPES_RULE = `takes a list of scopes: ${SCOPES.join(", ")}`;
const OVERLAP_RULE = "takes seconds, from 0 to 2592000 (30 days)";

export const keyBody = z.strictObject({
  account_id: id,
  scopes: z
    .array(z.enum(SCOPES, { error: SCOPES_RULE }), { error: SCOPES_RULE })
    .min(1, SCOPES_RULE),
  name: shortText(128).optional(),
  user_id: id.optional(),
  expires_at: z.iso
    .datetime({ offset: true, error: "takes a time in RFC 3339: 2027-01-31T00:00:00Z" })
    .optional(),
});

export const rotateFields = z.strictObject({
  overlap_seconds: z.coerce
    .number({ error: OVERLAP_RULE })
    .int(OVERLAP_RULE)
    .min(0, OVERLAP_RULE)
    .max(2_592_000, OVERLAP_RULE)
    .default(DAY_MS / SECOND_MS),
});

export const listQuery = z.strictObject({ account_id: id });

export const adminKeys = new Hono<AppEnv>()
  .post("/", async (c) => {
    authorise(c, "admin");
    const { account_id, scopes, name, user_id, expires_at } = await readBody(c, keyBody);
    const expires = expires_at === undefined ? null : Date.parse(expires_at);
    if (expires !== null && expires >= MAX_TIME_MS)
      throw invalid("expires_at is past the year 9999.", "expires_at");
    if (expires !== null && expires <= requestTime(c))
      throw invalid("expires_at is in the past.", "expires_at");
    if (user_id !== undefined && scopes.includes("admin"))
      throw invalid("A key that speaks for one user cannot have the scope admin.", "user_id");
    const issued = {
      name: name ?? null,
      scopes: [...new Set(scopes)],
      expires_at: expires,
      user_id: user_id ?? null,
    };
    return c.json(await issue(c, account_id, issued, "key.create"), 201);
  })
  .get("/", async (c) => {
    authorise(c, "admin");
    const { account_id } = readQuery(c, listQuery);
    const keys = await callAccount(c.env, account_id, (account) => account.settings.listKeys());
    const data = keys.map((key) => keyBodyOf(account_id, key));
    return c.json(wholeListOf(data, (key) => key.id));
  })
  .post("/:key_id/rotate", async (c) => {
    authorise(c, "admin");
    const { overlap_seconds } = await readFields(c, rotateFields);
    const { account_id, key } = await findKey(c);
    if (key.revoked_at !== null) throw invalid("The key is revoked already; create a new one.");
    const rotated = await issue(c, account_id, key, "key.rotate", key.id);
    const old = await callAccount(c.env, account_id, (account) =>
      account.settings.revokeKey(key.id, requestTime(c) + overlap_seconds * SECOND_MS),
    );
    return c.json({ ...rotated, rotated_from: keyBodyOf(account_id, old) }, 201);
  })
  .delete("/:key_id", async (c) => {
    authorise(c, "admin");
    const { account_id, key } = await findKey(c);
    await recordAction(c, "key.revoke", key.id);
    const revoked = await callAccount(c.env, account_id, (account) =>
      account.settings.revokeKey(key.id, requestTime(c)),
    );
    return c.json(keyBodyOf(account_id, revoked));
  });

/** Signs a key and enters it into its account's object. The reply is the only place that it is ever seen in. */
async function issue(
  c: AppContext,
  accountId: string,
  {
    name,
    scopes,
    expires_at,
    user_id,
  }: Pick<IssuedKey, "name" | "scopes" | "expires_at" | "user_id">,
  action: string,
  from?: string,
) {
  if (scopes.includes("admin") && !["root", "open"].includes(c.get("caller").name)) {
    throw new ApiError("forbidden", "Only the root key gives the scope admin.", {
      param: "scopes",
    });
  }
  const root = requestConfig(c).ROOT_KEY;
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
    created_at: requestTime(c),
    expires_at,
    revoked_at: null,
    user_id,
  };
  await recordAction(c, action, issued.id, { scopes, ...(from !== undefined && { from }) });
  await callAccount(c.env, accountId, (account) => account.settings.addKey(issued));
  const key = signKey(root, {
    id: issued.id,
    account_id: accountId,
    scopes,
    issued_at: issued.created_at,
    expires_at,
    user_id,
  });
  return { ...keyBodyOf(accountId, issued), key };
}

async function findKey(c: AppContext): Promise<{ account_id: string; key: IssuedKey }> {
  const keyId = c.req.param("key_id") ?? "";
  const account_id = accountOfKeyId(keyId);
  const keys =
    account_id === null
      ? []
      : await callAccount(c.env, account_id, (account) => account.settings.listKeys());
  const key = keys.find((each) => each.id === keyId);
  if (account_id === null || !key)
    throw new ApiError("key_not_found", "There is no key with this id.");
  return { account_id, key };
}

const optionalTime = (at: number | null): string | null => (at === null ? null : isoTime(at));

const keyBodyOf = (
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
