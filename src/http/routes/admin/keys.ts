import { z } from "zod";

import { callAccount } from "../../../account/account-client.ts";
import type { IssuedKey } from "../../../account/store/account/api-keys.ts";
import { ApiError } from "../../../shared/errors.ts";
import { keyNotFound } from "../../../shared/not-found-errors.ts";
import { accountIdField, id, shortText } from "../../../shared/field-schemas.ts";
import { GRANTABLE_SCOPES } from "../../../shared/grants.ts";
import { SCOPES } from "../../../shared/scopes.ts";
import { DAY_MS, MAX_TIME_MS, SECOND_MS } from "../../../shared/time.ts";
import { accountOfKeyId } from "../../auth/api-key-token.ts";
import { wholeListOf } from "../../list-response.ts";
import * as s from "../../openapi/schema.ts";
import { invalid } from "../../read-request.ts";
import { route } from "../../route.ts";
import { hasAllRights, issueKey, keyBody } from "./issue-key.ts";
import { recordAction } from "../record-admin-action.ts";

const SCOPES_RULE = `takes a list of scopes: ${SCOPES.join(", ")}`;
const GRANTABLE_RULE = `takes a list of scopes: ${GRANTABLE_SCOPES.join(", ")}`;
const OVERLAP_RULE = "takes seconds, from 0 to 2592000 (30 days)";

const rotateFields = () =>
  z.strictObject({
    overlap_seconds: z.coerce
      .number({ error: OVERLAP_RULE })
      .int(OVERLAP_RULE)
      .min(0, OVERLAP_RULE)
      .max(2_592_000, OVERLAP_RULE)
      .default(DAY_MS / SECOND_MS),
  });

const ACCOUNTS_RULE = 'takes a list of 1 to 100 account ids, or "*" for every account';

const GRANTS_RULE = "Only a key with the scope admin issues keys; leave grants out.";

const grantsField = () =>
  z
    .strictObject({
      scopes: z
        .array(z.enum(GRANTABLE_SCOPES, { error: GRANTABLE_RULE }), { error: GRANTABLE_RULE })
        .min(1, GRANTABLE_RULE),
      accounts: z.union(
        [z.literal("*"), z.array(accountIdField).min(1, ACCOUNTS_RULE).max(100, ACCOUNTS_RULE)],
        { error: ACCOUNTS_RULE },
      ),
    })
    .transform(({ scopes, accounts }) => ({
      scopes: [...new Set(scopes)],
      accounts: accounts === "*" ? accounts : [...new Set(accounts)],
    }));

const keyFields = () => ({
  object: s.only("key"),
  account_id: s.text,
  id: s.text,
  name: s.maybe(s.text),
  scopes: s.many(s.only(...SCOPES)),
  user_id: s.maybe(s.text),
  grants: s.maybe(
    s.object({
      scopes: s.many(s.only(...GRANTABLE_SCOPES)),
      accounts: s.oneOf(s.many(s.text), s.only("*")),
    }),
  ),
  created_at: s.time,
  expires_at: s.maybe(s.time),
  revoked_at: s.maybe(s.time),
});
const keyReply = s.named("Key", () => s.object(keyFields()));

/** A key is shown in one reply alone. */
const ANOTHER_KEY = {
  refused:
    "each request makes another key. Leave the header out. After a lost reply find its key with GET /admin/keys, and revoke it.",
};

export const adminKeys = [
  route("POST /admin/keys", {
    id: "createKey",
    summary: "Issues a key",
    repeat: ANOTHER_KEY,
    scope: "admin",
    body: () =>
      z.strictObject({
        account_id: accountIdField,
        scopes: z
          .array(z.enum(SCOPES, { error: SCOPES_RULE }), { error: SCOPES_RULE })
          .min(1, SCOPES_RULE),
        name: shortText(128).optional(),
        user_id: id.optional(),
        grants: grantsField().optional(),
        expires_at: z.iso
          .datetime({ offset: true, error: "takes a time in RFC 3339: 2027-01-31T00:00:00Z" })
          .optional(),
      }),
    status: 201,
    reply: () => s.object({ ...keyFields(), key: s.text }),
    handle: async (request) => {
      const { account_id, scopes, name = null, user_id = null, expires_at } = request.body;
      const { grants = null } = request.body;
      const expires = expires_at === undefined ? null : Date.parse(expires_at);
      if (expires !== null && expires >= MAX_TIME_MS)
        throw invalid("expires_at is past the year 9999.", "expires_at");
      if (expires !== null && expires <= request.now)
        throw invalid("expires_at is in the past.", "expires_at");
      if (user_id !== null && scopes.includes("admin"))
        throw invalid("A key that speaks for one user cannot have the scope admin.", "user_id");
      if (grants !== null && !scopes.includes("admin")) throw invalid(GRANTS_RULE, "grants");
      const fields = { name, scopes: [...new Set(scopes)], expires_at: expires, user_id, grants };
      return issueKey(request, account_id, fields, "key.create");
    },
  }),
  route("GET /admin/keys", {
    id: "listKeys",
    summary: "Lists an account's keys",
    scope: "admin",
    query: () => z.strictObject({ account_id: accountIdField }),
    reply: () => s.listOf(keyReply),
    handle: async ({ c, query: { account_id } }) => {
      const keys = await callAccount(c.env, account_id, (account) => account.settings.listKeys());
      const data = keys.map((key) => keyBody(account_id, key));
      return wholeListOf(data, (key) => key.id);
    },
  }),
  route("PATCH /admin/keys/:key_id", {
    id: "setKeyGrants",
    summary: "Sets which keys an admin key may issue",
    scope: "admin",
    body: () => z.strictObject({ grants: grantsField().nullable() }),
    reply: () => keyReply,
    errors: ["key_not_found"],
    handle: async ({ c, path, body: { grants } }) => {
      if (!hasAllRights(c))
        throw new ApiError("forbidden", "Only the root key sets grants.", { param: "grants" });
      const { account_id, key } = await findKey(c.env, path.key_id);
      if (!key.scopes.includes("admin")) throw invalid(GRANTS_RULE, "grants");
      await recordAction(c, "key.grant", key.id, { grants });
      const granted = await callAccount(c.env, account_id, (account) =>
        account.settings.setKeyGrants(key.id, grants),
      );
      return keyBody(account_id, granted);
    },
  }),
  route("POST /admin/keys/:key_id/rotate", {
    id: "rotateKey",
    summary: "Replaces a key with a new one",
    repeat: ANOTHER_KEY,
    scope: "admin",
    query: rotateFields,
    fields: rotateFields,
    status: 201,
    reply: () => s.object({ ...keyFields(), key: s.text, rotated_from: keyReply }),
    errors: ["key_not_found"],
    handle: async (request) => {
      const { c, path, body, now } = request;
      const { account_id, key } = await findKey(c.env, path.key_id);
      if (key.revoked_at !== null) throw invalid("The key is revoked already; create a new one.");
      const rotated = await issueKey(request, account_id, key, "key.rotate", key.id);
      const old = await callAccount(c.env, account_id, (account) =>
        account.settings.revokeKey(key.id, now + body.overlap_seconds * SECOND_MS),
      );
      return { ...rotated, rotated_from: keyBody(account_id, old) };
    },
  }),
  route("DELETE /admin/keys/:key_id", {
    id: "revokeKey",
    summary: "Revokes a key",
    scope: "admin",
    reply: () => keyReply,
    errors: ["key_not_found"],
    handle: async ({ c, path, now }) => {
      const { account_id, key } = await findKey(c.env, path.key_id);
      await recordAction(c, "key.revoke", key.id);
      const revoked = await callAccount(c.env, account_id, (account) =>
        account.settings.revokeKey(key.id, now),
      );
      return keyBody(account_id, revoked);
    },
  }),
];

async function findKey(env: Env, keyId: string): Promise<{ account_id: string; key: IssuedKey }> {
  const account_id = accountOfKeyId(keyId);
  if (account_id === null) throw keyNotFound();
  const key = await callAccount(env, account_id, (account) => account.settings.findKey(keyId));
  return { account_id, key };
}
