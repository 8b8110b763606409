import { z } from "zod";

import { callAccount } from "../../../account/account-client.ts";
import type { AccountSummary } from "../../../account/rpc/settings.ts";
import { DIRECTORY_SHARDS, shardName } from "../../../directory/account-directory-do.ts";
import type { AccountRow } from "../../../directory/accounts-table.ts";
import { callDirectory, directoryOf } from "../../../directory/directory-client.ts";
import { ApiError } from "../../../shared/errors.ts";
import { accountIdField, holdField } from "../../../shared/field-schemas.ts";
import { JURISDICTIONS, jurisdictionOf } from "../../../shared/ids.ts";
import type { Jurisdiction } from "../../../shared/ids.ts";
import { isoTime } from "../../../shared/time.ts";
import { accountNotFound } from "../../auth/authorise.ts";
import { ARCHIVE_ERRORS } from "../../openapi/reply.ts";
import { erasedPlaces } from "../../openapi/erasure.ts";
import * as s from "../../openapi/schema.ts";
import { quotas } from "../../openapi/shared-replies.ts";
import { pageQuery } from "../../read-request.ts";
import { route } from "../../route.ts";
import { recordAction } from "../record-admin-action.ts";

const DAYS_RULE = "takes a number of days above zero, or null for the deployment's";
const JURISDICTION_RULE = `takes ${JURISDICTIONS.map((each) => `"${each}"`).join(", ")}, or null for none`;
const LIMIT_RULE = "takes a whole number, or null for no limit";

const accountPatch = () => {
  const limit = z
    .number({ error: LIMIT_RULE })
    .int(LIMIT_RULE)
    .min(0, LIMIT_RULE)
    .nullable()
    .optional();
  return z.strictObject({
    retention_days: z
      .number({ error: DAYS_RULE })
      .positive(DAYS_RULE)
      .max(36_500, DAYS_RULE)
      .nullable()
      .optional(),
    quotas: z
      .strictObject({ turns_per_day: limit, stored_bytes: limit, sessions: limit })
      .optional(),
    jurisdiction: z.enum(JURISDICTIONS, { error: JURISDICTION_RULE }).nullable().optional(),
    hold: holdField().optional(),
  });
};

const accountReply = s.named("Account", () =>
  s.object({
    object: s.only("account"),
    account_id: s.text,
    created_at: s.maybe(s.time),
    last_active_at: s.maybe(s.time),
    next_due_at: s.maybe(s.time),
    sessions: s.whole,
    archived_sessions: s.whole,
    turns: s.maybe(s.whole),
    retention_days: s.maybe(s.number),
    quotas: s.maybe(quotas),
    hold: s.maybe(s.text),
    jurisdiction: s.maybe(s.only(...JURISDICTIONS)),
    repairs: s.maybe(
      s.object({
        turns: s.whole,
        session_ids: s.many(s.text),
        unreadable: s.many(s.text),
        complete: s.truth,
      }),
    ),
  }),
);

export const adminAccounts = [
  route("GET /admin/accounts", {
    id: "listAccounts",
    summary: "Lists accounts",
    scope: "admin",
    query: () =>
      z.strictObject({
        limit: pageQuery({ order: "asc" }).limit,
        after: accountIdField.optional(),
      }),
    reply: () => s.listOf(accountReply),
    handle: async ({ c: { env }, query: { limit, after = "" }, now }) => {
      const rows = await listAccounts(env, { after, limit: limit + 1 });
      const data = await Promise.all(
        rows
          .slice(0, limit)
          .map(async (row) => accountBody(row, await summaryOrReport(env, row, now))),
      );
      return {
        object: "list",
        data,
        first_id: data[0]?.account_id ?? null,
        last_id: data.at(-1)?.account_id ?? null,
        has_more: rows.length > limit,
      };
    },
  }),
  route("GET /admin/accounts/:account_id", {
    id: "getAccount",
    summary: "Reads an account",
    scope: "admin",
    reply: () => accountReply,
    errors: ["account_not_found"],
    handle: async ({ c: { env }, path: { account_id }, now }) => {
      const row = await findAccount(env, account_id);
      if (!row) throw accountNotFound();
      return accountBody(row, await summaryOf(env, account_id, now));
    },
  }),
  route("PATCH /admin/accounts/:account_id", {
    id: "changeAccount",
    summary: "Sets an account's retention, quotas or legal hold",
    scope: "admin",
    body: accountPatch,
    reply: () => accountReply,
    errors: ["jurisdiction_fixed"],
    handle: async ({ c, path: { account_id }, body: { jurisdiction, ...body }, now }) => {
      if (jurisdiction !== undefined) checkJurisdiction(account_id, jurisdiction);
      await recordAction(c, "account.configure", account_id, body);
      const summary = await callAccount(c.env, account_id, (account) =>
        account.settings.configure(body, now),
      );
      return accountBody(await findAccount(c.env, account_id), summary, account_id);
    },
  }),
  route("POST /admin/accounts/:account_id/reindex", {
    id: "reindexAccount",
    summary: "Indexes an account's archives and backups in R2 again",
    repeat: "safe",
    scope: "admin",
    reply: () =>
      s.object({
        object: s.only("account.reindexed"),
        account_id: s.text,
        sessions: s.whole,
        segments: s.whole,
        backups: s.whole,
        errors: s.many(s.object({ object_key: s.text, code: s.text })),
        indexing: s.truth,
      }),
    errors: ARCHIVE_ERRORS,
    handle: async ({ c, path: { account_id } }) => {
      await recordAction(c, "account.reindex", account_id);
      const report = await callAccount(c.env, account_id, (account) => account.archives.reindex());
      return { object: "account.reindexed", account_id, ...report };
    },
  }),
  route("POST /admin/accounts/:account_id/compact", {
    id: "compactAccount",
    summary: "Compacts an account's database",
    repeat: "safe",
    scope: "admin",
    reply: () =>
      s.object({
        object: s.only("account.compacted"),
        account_id: s.text,
        storage_bytes: s.whole,
      }),
    handle: async ({ c, path: { account_id } }) => {
      await recordAction(c, "account.compact", account_id);
      const storage_bytes = await callAccount(c.env, account_id, (account) =>
        account.archives.compactFile(),
      );
      return { object: "account.compacted", account_id, storage_bytes };
    },
  }),
  route("POST /admin/accounts/:account_id/rotate-key", {
    id: "rotateAccountKey",
    summary: "Encrypts an account's new archives with a new key",
    repeat: {
      refused: "each request makes another key. Leave the header out: one key more does no harm.",
    },
    scope: "admin",
    reply: () =>
      s.object({
        object: s.only("account.key_rotated"),
        account_id: s.text,
        key_id: s.whole,
      }),
    errors: ARCHIVE_ERRORS,
    handle: async ({ c, path: { account_id }, now }) => {
      await recordAction(c, "account.rotate_key", account_id);
      const { key_id } = await callAccount(c.env, account_id, (account) =>
        account.archives.rotateKey(now),
      );
      return { object: "account.key_rotated", account_id, key_id };
    },
  }),
  route("DELETE /admin/accounts/:account_id", {
    id: "eraseAccount",
    summary: "Erases an account with all its data",
    scope: "admin",
    reply: () =>
      s.object({
        object: s.only("account.deleted"),
        deleted: s.only(true),
        account_id: s.text,
        sessions: s.whole,
        archived_sessions: s.whole,
        turns: s.whole,
        objects: s.whole,
        object_bytes: s.whole,
        cache_entries: s.whole,
        where: s.many(s.text),
        places: erasedPlaces,
        verified: s.truth,
        erased_at: s.time,
      }),
    errors: ["account_held", "archive_unavailable"],
    handle: async ({ c, path: { account_id } }) => {
      await recordAction(c, "account.erase", account_id);
      const receipt = await callAccount(c.env, account_id, (account) =>
        account.erasure.eraseAccount(),
      );
      return {
        object: "account.deleted",
        deleted: true,
        ...receipt,
        erased_at: isoTime(receipt.erased_at),
      };
    },
  }),
];

/** @throws ApiError `jurisdiction_fixed` for another than the account has */
function checkJurisdiction(accountId: string, wanted: Jurisdiction | null): void {
  const own = jurisdictionOf(accountId);
  if (wanted === own) return;
  const bare = own === null ? accountId : accountId.slice(0, -`~${own}`.length);
  const other = wanted === null ? bare : `${bare}~${wanted}`;
  throw new ApiError(
    "jurisdiction_fixed",
    `An account's data stays where it was made: its object cannot move. Make the account ${other}, and bring the sessions there with GET /export and POST /import.`,
    { param: "jurisdiction" },
  );
}

type ShownSummary = Omit<AccountSummary, "turns" | "quotas"> & {
  turns: number | null;
  quotas: AccountSummary["quotas"] | null;
};

const findAccount = (env: Env, accountId: string): Promise<AccountRow | null> =>
  callDirectory(env, directoryOf(accountId), (directory) => directory.find(accountId));

const summaryOf = (env: Env, accountId: string, now: number): Promise<AccountSummary> =>
  callAccount(env, accountId, (account) => account.settings.summary(now));

/** The account's own totals, or its last report where its object fails. One failing account hides no other. */
async function summaryOrReport(env: Env, row: AccountRow, now: number): Promise<ShownSummary> {
  try {
    return await summaryOf(env, row.account_id, now);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "storage_unavailable") throw error;
    return {
      last_active_at: null,
      next_due_at: row.purge_at,
      sessions: row.live_sessions,
      archived_sessions: row.archived_sessions,
      turns: null,
      retention_days: null,
      quotas: null,
      hold: null,
      jurisdiction: jurisdictionOf(row.account_id),
      repairs: null,
    };
  }
}

/** The next accounts of every shard, by id. The next page reads those past this one again. */
async function listAccounts(
  env: Env,
  page: { after: string; limit: number },
): Promise<AccountRow[]> {
  const shards = await Promise.all(
    Array.from({ length: DIRECTORY_SHARDS }, (_, shard) =>
      callDirectory(env, shardName(shard), (directory) => directory.list(page)),
    ),
  );
  return shards
    .flat()
    .toSorted((a, b) => (a.account_id < b.account_id ? -1 : 1))
    .slice(0, page.limit);
}

/** @param row - null before the account is in the directory */
const accountBody = (
  row: AccountRow | null,
  { last_active_at, next_due_at, ...summary }: ShownSummary,
  accountId = row?.account_id,
) => ({
  object: "account" as const,
  account_id: accountId,
  created_at: row && isoTime(row.created_at),
  last_active_at: last_active_at === null ? null : isoTime(last_active_at),
  next_due_at: next_due_at === null ? null : isoTime(next_due_at),
  ...summary,
});
