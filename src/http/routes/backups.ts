import { Hono } from "hono";
import { z } from "zod";

import { manifestPart, sessionIdsOf, skippedOf } from "../../account/archive/backup/backup.ts";
import type { RestoreReport } from "../../account/archive/backup/restore-backup.ts";
import type { PartVerdict } from "../../account/archive/backup/verify-backup.ts";
import { authorise, withAccount } from "../auth/authorise.ts";
import { requestTime } from "../context.ts";
import type { AppEnv } from "../context.ts";
import { listOf } from "../list-response.ts";
import {
  accountNames,
  pageQuery,
  pathId,
  readFields,
  readQuery,
  onlyAccount,
} from "../read-request.ts";
import { mintBackupId } from "../../shared/ids.ts";
import { runBackup } from "../../jobs/backup.ts";
import { BUDGET_MS } from "../../jobs/sweep.ts";
import { callAccount } from "../../account/account-client.ts";
import type { CountedBackup } from "../../account/store/archive/backups.ts";
import { isoTime } from "../../shared/time.ts";
import { id } from "../../shared/field-schemas.ts";

const MAX_SESSIONS = 1_000;
const SESSIONS_RULE = `takes a list of 1 to ${MAX_SESSIONS} session ids`;
const sessionIds = z
  .array(id, { error: SESSIONS_RULE })
  .min(1, SESSIONS_RULE)
  .max(MAX_SESSIONS, SESSIONS_RULE)
  .optional();

export const listQuery = z.strictObject({ ...pageQuery({ order: "desc" }), ...accountNames });
export const backupFields = z.strictObject({ session_ids: sessionIds, ...accountNames });
export const restoreBody = z.strictObject({
  dry_run: z.boolean({ error: "takes true or false" }).default(false),
  session_ids: sessionIds,
  on_conflict: z
    .enum(["skip", "replace", "fail"], { error: 'takes "skip", "replace" or "fail"' })
    .default("skip"),
  ...accountNames,
});

export const backups = new Hono<AppEnv>()
  .post("/", async (c) => {
    const { session_ids, ...names } = await readFields(c, backupFields);
    const { account_id, principal } = authorise(c, "manage", names);
    const now = requestTime(c);
    const backup_id = mintBackupId(now);
    const request = { backup_id, session_ids: session_ids ?? null, reason: "request" as const };
    await callAccount(c.env, account_id, (account) =>
      account.backups.begin(principal, request, now),
    );
    const complete = await runBackup(c.env, { account_id, backup_id, now }, principal);
    if (!complete) await c.env.JOBS.send({ type: "backup", account_id, backup_id, now });
    const { backup } = await callAccount(c.env, account_id, (account) =>
      account.backups.get(principal, backup_id),
    );
    return c.json(backupBody(backup), complete ? 201 : 202);
  })
  .get("/", async (c) => {
    const { accountId, account_id, ...page } = readQuery(c, listQuery);
    const found = await withAccount(c, "read", { accountId, account_id }, (account, caller) =>
      account.backups.list(caller, page),
    );
    return c.json(listOf(found, backupBody, ({ backup_id }) => backup_id));
  })
  .get("/:backup_id", async (c) => {
    readQuery(c, onlyAccount);
    const backupId = pathId(c, "backup_id");
    const { backup, parts } = await withAccount(c, "read", {}, (account, caller) =>
      account.backups.get(caller, backupId),
    );
    return c.json({ ...backupBody(backup), parts: parts.map(manifestPart) });
  })
  .post("/:backup_id/verify", async (c) => {
    readQuery(c, onlyAccount);
    const backupId = pathId(c, "backup_id");
    const report = { parts: 0, sessions: 0, turns: 0 };
    const errors: { part: number; error: string }[] = [];
    const look = (behind: number | null): Promise<PartVerdict | null> =>
      withAccount(c, "read", {}, (account, caller) =>
        account.backups.verifyPart(caller, backupId, behind),
      );
    for (let verdict = await look(null); verdict !== null; verdict = await look(verdict.part)) {
      const { part, sessions, turns, error } = verdict;
      if (part > 0) report.parts += 1;
      if (error !== null) errors.push({ part, error });
      else {
        report.sessions += sessions;
        report.turns += turns;
      }
    }
    return c.json({
      object: "backup.verification",
      backup_id: backupId,
      valid: errors.length === 0,
      ...report,
      errors,
    });
  })
  .post("/:backup_id/restore", async (c) => {
    const { accountId, account_id, session_ids = null, ...rest } = await readFields(c, restoreBody);
    const backupId = pathId(c, "backup_id");
    const options = { ...rest, session_ids };
    const until = Date.now() + BUDGET_MS;
    let report: RestoreReport;
    do {
      report = await withAccount(c, "manage", { accountId, account_id }, (account, caller) =>
        account.backups.stepRestore(caller, backupId, options),
      );
    } while (!report.complete && Date.now() < until);
    return c.json({ object: "backup.restore", ...report });
  })
  .delete("/:backup_id", async (c) => {
    readQuery(c, onlyAccount);
    const backupId = pathId(c, "backup_id");
    await withAccount(c, "manage", {}, (account, caller) =>
      account.backups.delete(caller, backupId),
    );
    return c.json({ object: "backup.deleted", backup_id: backupId, deleted: true });
  });

const backupBody = (backup: CountedBackup) => {
  const skipped = skippedOf(backup);
  return {
    object: "backup" as const,
    backup_id: backup.backup_id,
    status: backup.status,
    reason: backup.reason,
    session_ids: sessionIdsOf(backup),
    sessions: backup.sessions,
    turns: backup.turns,
    bytes: backup.bytes,
    part_count: backup.parts,
    skipped: skipped.map(([session_id, code]) => ({ session_id, code })),
    created_at: isoTime(backup.created_at),
    completed_at: backup.completed_at === null ? null : isoTime(backup.completed_at),
  };
};
