import { Hono } from "hono";
import { z } from "zod";

import { authorise, withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppEnv } from "../context.ts";
import { accountNames, readFields, readQuery, onlyAccount } from "../read-request.ts";
import { sweepAccount } from "../../jobs/sweep.ts";
import { callAccount } from "../../account/account-client.ts";
import { DAY_MS, isoTime } from "../../shared/time.ts";

const DAYS_RULE = "takes a number of days above zero";

export const purgeFields = z.strictObject({
  dry_run: z
    .union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })], {
      error: "takes true or false",
    })
    .default(false),
  older_than_days: z.coerce
    .number({ error: DAYS_RULE })
    .positive(DAYS_RULE)
    .max(36_500, DAYS_RULE)
    .optional(),
  ...accountNames,
});

const optionalTime = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
const dayName = (ms: number): string => isoTime(ms).slice(0, 10);

/** What operators curl. */
export const ops = new Hono<AppEnv>()
  .get("/storage-stats", async (c) => {
    readQuery(c, onlyAccount);
    const { last_accessed, last_purge, ...stats } = await withAccount(
      c,
      "read",
      {},
      (account, caller) => account.settings.stats(caller, requestTime(c)),
    );
    return c.json({
      total_conversations: stats.conversations,
      total_messages: stats.messages,
      total_turns: stats.turns,
      storage_bytes: stats.storage_bytes,
      oldest_conversation: optionalTime(stats.oldest_at),
      newest_conversation: optionalTime(stats.newest_at),
      last_accessed: Object.fromEntries(
        last_accessed.map(({ day, conversations }) => [dayName(day), conversations]),
      ),
      last_accessed_earlier: stats.last_accessed_earlier,
      archived_conversations: stats.archived,
      archived_bytes: stats.archived_bytes,
      due_for_purge: stats.due_for_purge,
      retention_days: stats.retention_days,
      quotas: stats.quotas,
      last_purge: last_purge && { ...last_purge, at: isoTime(last_purge.at) },
    });
  })
  .post("/purge", async (c) => {
    const { dry_run, older_than_days, accountId, account_id } = await readFields(c, purgeFields);
    const { account_id: accountName, principal } = authorise(c, "manage", {
      accountId,
      account_id,
    });
    const olderThanMs = older_than_days === undefined ? null : older_than_days * DAY_MS;
    const now = requestTime(c);
    if (dry_run) {
      const due = await callAccount(c.env, accountName, (account) =>
        account.archives.due(principal, now, olderThanMs),
      );
      const days = older_than_days ?? due.retention_days;
      return c.json({
        dry_run: true,
        deleted: 0,
        would_delete: due.sessions,
        bytes: due.bytes,
        reason: `last accessed more than ${days} days before ${isoTime(now)}, neither pinned nor under legal hold`,
        first_session_ids: due.first_ids,
      });
    }
    const job = {
      account_id: accountName,
      now,
      after: 0,
      so_far: { deleted: 0, errors: 0, bytes: 0 },
    };
    const { so_far, after, remaining } = await sweepAccount(c.env, job, olderThanMs, principal);
    return c.json({
      deleted: so_far.deleted,
      errors: so_far.errors,
      archived: so_far.deleted,
      bytes: so_far.bytes,
      remaining:
        after === null
          ? remaining
          : (
              await callAccount(c.env, accountName, (account) =>
                account.archives.due(principal, now, olderThanMs),
              )
            ).sessions,
    });
  });
