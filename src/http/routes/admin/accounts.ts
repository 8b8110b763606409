import { Hono } from "hono";
import { z } from "zod";

import { accountNotFound, authorise } from "../../auth/authorise.ts";
import { requestTime } from "../../context.ts";
import type { AppContext, AppEnv } from "../../context.ts";
import { pageQuery, pathId, readBody, readQuery } from "../../read-request.ts";
import { callAccount } from "../../../account/account-client.ts";
import { DIRECTORY_SHARDS, shardName } from "../../../directory/account-directory-do.ts";
import type { AccountSummary } from "../../../account/rpc/settings.ts";
import type { AccountRow } from "../../../directory/accounts-table.ts";
import { isoTime } from "../../../shared/time.ts";
import { id, shortText } from "../../../shared/field-schemas.ts";
import { recordAction } from "../record-admin-action.ts";
import { directoryOf, callDirectory } from "../../../directory/directory-client.ts";

const DAYS_RULE = "takes a number of days above zero, or null for the deployment's";
const LIMIT_RULE = "takes a whole number, or null for no limit";
const limit = z
  .number({ error: LIMIT_RULE })
  .int(LIMIT_RULE)
  .min(0, LIMIT_RULE)
  .nullable()
  .optional();

export const accountPatch = z.strictObject({
  retention_days: z
    .number({ error: DAYS_RULE })
    .positive(DAYS_RULE)
    .max(36_500, DAYS_RULE)
    .nullable()
    .optional(),
  quotas: z.strictObject({ turns_per_day: limit, stored_bytes: limit, sessions: limit }).optional(),
  hold: z
    .union([shortText(512), z.null()], {
      error: "takes the reason of the legal hold, up to 512 characters, or null to lift it",
    })
    .optional(),
});

export const listQuery = z.strictObject({
  limit: pageQuery({ order: "asc" }).limit,
  after: id.optional(),
});

export const adminAccounts = new Hono<AppEnv>()
  .get("/", async (c) => {
    authorise(c, "admin");
    const { limit: size, after = "" } = readQuery(c, listQuery);
    const rows = await listAccounts(c, { after, limit: size + 1 });
    const data = await Promise.all(
      rows.slice(0, size).map(async (row) => accountBody(row, await summaryOf(c, row.account_id))),
    );
    return c.json({
      object: "list",
      data,
      first_id: data[0]?.account_id ?? null,
      last_id: data.at(-1)?.account_id ?? null,
      has_more: rows.length > size,
    });
  })
  .get("/:account_id", async (c) => {
    authorise(c, "admin");
    const accountId = pathId(c, "account_id");
    const row = await findAccount(c, accountId);
    if (!row) throw accountNotFound();
    return c.json(accountBody(row, await summaryOf(c, accountId)));
  })
  .patch("/:account_id", async (c) => {
    authorise(c, "admin");
    const accountId = pathId(c, "account_id");
    const patch = await readBody(c, accountPatch);
    await recordAction(c, "account.configure", accountId, patch);
    const summary = await callAccount(c.env, accountId, (account) =>
      account.settings.configure(patch, requestTime(c)),
    );
    return c.json(accountBody(await findAccount(c, accountId), summary, accountId));
  })
  .post("/:account_id/reindex", async (c) => {
    authorise(c, "admin");
    const accountId = pathId(c, "account_id");
    await recordAction(c, "account.reindex", accountId);
    const report = await callAccount(c.env, accountId, (account) => account.archives.reindex());
    return c.json({ object: "account.reindexed", account_id: accountId, ...report });
  })
  .post("/:account_id/compact", async (c) => {
    authorise(c, "admin");
    const accountId = pathId(c, "account_id");
    await recordAction(c, "account.compact", accountId);
    const bytes = await callAccount(c.env, accountId, (account) => account.archives.compactFile());
    return c.json({ object: "account.compacted", account_id: accountId, storage_bytes: bytes });
  })
  .post("/:account_id/rotate-key", async (c) => {
    authorise(c, "admin");
    const accountId = pathId(c, "account_id");
    await recordAction(c, "account.rotate_key", accountId);
    const { key_id } = await callAccount(c.env, accountId, (account) =>
      account.archives.rotateKey(requestTime(c)),
    );
    return c.json({ object: "account.key_rotated", account_id: accountId, key_id });
  })
  .delete("/:account_id", async (c) => {
    authorise(c, "admin");
    const accountId = pathId(c, "account_id");
    await recordAction(c, "account.erase", accountId);
    const receipt = await callAccount(c.env, accountId, (account) =>
      account.erasure.eraseAccount(),
    );
    return c.json({
      object: "account.deleted",
      deleted: true,
      ...receipt,
      erased_at: isoTime(receipt.erased_at),
    });
  });

const findAccount = (c: AppContext, accountId: string): Promise<AccountRow | null> =>
  callDirectory(c.env, directoryOf(accountId), (directory) => directory.find(accountId));

const summaryOf = (c: AppContext, accountId: string): Promise<AccountSummary> =>
  callAccount(c.env, accountId, (account) => account.settings.summary(requestTime(c)));

/** Every shard's next accounts, by id: what is past the page is asked for again with the next one. */
async function listAccounts(
  c: AppContext,
  page: { after: string; limit: number },
): Promise<AccountRow[]> {
  const shards = await Promise.all(
    Array.from({ length: DIRECTORY_SHARDS }, (_, shard) =>
      callDirectory(c.env, shardName(shard), (directory) => directory.list(page)),
    ),
  );
  return shards
    .flat()
    .toSorted((a, b) => (a.account_id < b.account_id ? -1 : 1))
    .slice(0, page.limit);
}

/** @param row - null when the directory has not been told of the account yet */
const accountBody = (
  row: AccountRow | null,
  { last_active_at, next_due_at, ...summary }: AccountSummary,
  accountId = row?.account_id,
) => ({
  object: "account" as const,
  account_id: accountId,
  created_at: row && isoTime(row.created_at),
  last_active_at: last_active_at === null ? null : isoTime(last_active_at),
  next_due_at: next_due_at === null ? null : isoTime(next_due_at),
  ...summary,
});
