import { z } from "zod";

import type { BegunBackup } from "../../account/archive/backup/backup.ts";
import { sessionIdsOf, skippedOf, statusOf } from "../../account/archive/backup/backup-row.ts";
import { manifestPart } from "../../account/archive/backup/write-manifest.ts";
import type { RestoreReport } from "../../account/archive/backup/restore-backup.ts";
import type { PartVerdict } from "../../account/archive/backup/verify-backup.ts";
import type { CountedBackup } from "../../account/store/archive/backups.ts";
import { runBackup } from "../../jobs/backup.ts";
import { BUDGET_MS } from "../../jobs/sweep.ts";
import { requestIdField } from "../../observe/request-context.ts";
import { id } from "../../shared/field-schemas.ts";
import { mintBackupId } from "../../shared/ids.ts";
import { isoTime } from "../../shared/time.ts";
import { idDigitsOf, idempotencyOf } from "../idempotency.ts";
import { listOf } from "../list-response.ts";
import { ARCHIVE_ERRORS, json } from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { accountNames, pageQuery } from "../read-request.ts";
import { route } from "../route.ts";

const MAX_SESSIONS = 1_000;
const SESSIONS_RULE = `takes a list of 1 to ${MAX_SESSIONS} session ids`;
const sessionIds = () =>
  z
    .array(id, { error: SESSIONS_RULE })
    .min(1, SESSIONS_RULE)
    .max(MAX_SESSIONS, SESSIONS_RULE)
    .optional();

const backupFields = () => ({
  object: s.only("backup"),
  backup_id: s.text,
  status: s.only("running", "complete", "incomplete"),
  reason: s.only("request", "policy"),
  session_ids: s.maybe(s.many(s.text)),
  sessions: s.whole,
  turns: s.whole,
  bytes: s.whole,
  part_count: s.whole,
  skipped: s.many(s.object({ session_id: s.text, code: s.text })),
  created_at: s.time,
  completed_at: s.maybe(s.time),
});
const backupReply = s.named("Backup", () => s.object(backupFields()));
const manifest = s.named("BackupManifest", () =>
  s.object({
    ...backupFields(),
    parts: s.many(
      s.object({
        part: s.whole,
        object_key: s.text,
        bytes: s.whole,
        sha256: s.text,
        sessions: s.whole,
        turns: s.whole,
        first_key: s.whole,
        last_key: s.whole,
        key_id: s.maybe(s.whole),
        index_offset: s.whole,
      }),
    ),
  }),
);

export const backups = [
  route("POST /backups", {
    id: "createBackup",
    summary: "Makes a backup, of all sessions or some",
    audit: "backup.create",
    scope: "manage",
    repeat: "key",
    fields: () => z.strictObject({ session_ids: sessionIds(), ...accountNames }),
    status: 201,
    reply: () => backupReply,
    replies: () => ({ 202: { ...json(backupReply), description: "It is being made" } }),
    errors: [
      "session_not_found",
      "backup_running",
      "backup_not_found",
      "idempotency_mismatch",
      ...ARCHIVE_ERRORS,
    ],
    handle: async ({ c, body: { session_ids = null }, access, call, now }) => {
      const { account_id, principal } = access;
      const sent = idempotencyOf(c, session_ids);
      const keyed = sent ? idDigitsOf(sent) : undefined;
      const request = {
        backup_id: mintBackupId(now, keyed),
        session_ids,
        reason: "request" as const,
        keyed,
      };
      const begun: BegunBackup | undefined = await call((account, caller) =>
        account.backups.begin(caller, request, now),
      );
      // An object of an older version returns nothing.
      const { backup_id, is_complete } = begun ?? { ...request, is_complete: false };
      const complete =
        is_complete || (await runBackup(c.env, { account_id, backup_id, now }, principal));
      if (!complete)
        await c.env.JOBS.send({ type: "backup", account_id, backup_id, now, ...requestIdField() });
      const { backup } = await call((account, caller) => account.backups.get(caller, backup_id));
      return c.json(backupBody(backup), complete ? 201 : 202);
    },
  }),
  route("GET /backups", {
    id: "listBackups",
    summary: "Lists backups",
    scope: "read",
    query: () => z.strictObject({ ...pageQuery({ order: "desc" }), ...accountNames }),
    reply: () => s.listOf(backupReply),
    handle: async ({ query, call }) => {
      const page = await call((account, caller) => account.backups.list(caller, query));
      return listOf(page, backupBody, ({ backup_id }) => backup_id);
    },
  }),
  route("GET /backups/:backup_id", {
    id: "getBackup",
    summary: "Reads a backup's manifest",
    scope: "read",
    reply: () => manifest,
    errors: ["backup_not_found"],
    handle: async ({ path, call }) => {
      const { backup, parts } = await call((account, caller) =>
        account.backups.get(caller, path.backup_id),
      );
      return { ...backupBody(backup), parts: parts.map(manifestPart) };
    },
  }),
  route("POST /backups/:backup_id/verify", {
    id: "verifyBackup",
    summary: "Verifies every byte of a backup",
    repeat: "safe",
    scope: "read",
    reply: () =>
      s.object({
        object: s.only("backup.verification"),
        backup_id: s.text,
        valid: s.truth,
        parts: s.whole,
        sessions: s.whole,
        turns: s.whole,
        errors: s.many(s.object({ part: s.whole, error: s.text })),
      }),
    errors: ["backup_not_found", "backup_running", "archive_unavailable", "archive_locked"],
    handle: async ({ path: { backup_id }, call }) => {
      const report = { parts: 0, sessions: 0, turns: 0 };
      const errors: { part: number; error: string }[] = [];
      const verify = (after: number | null): Promise<PartVerdict | null> =>
        call((account, caller) => account.backups.verifyPart(caller, backup_id, after));
      for (let next = await verify(null); next !== null; next = await verify(next.part)) {
        const { part, sessions, turns, error } = next;
        if (part > 0) report.parts += 1;
        if (error !== null) errors.push({ part, error });
        else {
          report.sessions += sessions;
          report.turns += turns;
        }
      }
      return {
        object: "backup.verification",
        backup_id,
        valid: errors.length === 0,
        ...report,
        errors,
      };
    },
  }),
  route("POST /backups/:backup_id/restore", {
    id: "restoreBackup",
    summary: "Restores sessions of a backup",
    repeat: "safe",
    audit: "backup.restore",
    scope: "manage",
    fields: () =>
      z.strictObject({
        dry_run: z.boolean({ error: "takes true or false" }).default(false),
        session_ids: sessionIds(),
        on_conflict: z
          .enum(["newer", "skip", "replace", "fail"], {
            error: 'takes "newer", "skip", "replace" or "fail"',
          })
          .default("newer"),
        ...accountNames,
      }),
    reply: () =>
      s.object({
        object: s.only("backup.restore"),
        backup_id: s.text,
        dry_run: s.truth,
        on_conflict: s.only("newer", "skip", "replace", "fail"),
        complete: s.truth,
        restored: s.whole,
        replaced: s.whole,
        repaired: s.whole,
        unchanged: s.whole,
        skipped: s.object({
          exists: s.whole,
          erased: s.whole,
          held: s.whole,
          busy: s.whole,
          facts_full: s.whole,
          damaged: s.whole,
        }),
        turns: s.whole,
        conflicts: s.many(s.text),
      }),
    errors: [
      "backup_not_found",
      "backup_running",
      "restore_conflict",
      "quota_bytes",
      "quota_sessions",
      ...ARCHIVE_ERRORS,
    ],
    handle: async ({ path, body: { session_ids = null, ...rest }, call }) => {
      const options = { ...rest, session_ids };
      const until = Date.now() + BUDGET_MS;
      let report: RestoreReport;
      do {
        report = await call((account, caller) =>
          account.backups.stepRestore(caller, path.backup_id, options),
        );
      } while (!report.complete && Date.now() < until);
      return { object: "backup.restore", ...report };
    },
  }),
  route("DELETE /backups/:backup_id", {
    id: "deleteBackup",
    summary: "Deletes a backup",
    audit: "backup.delete",
    scope: "manage",
    reply: () =>
      s.object({
        object: s.only("backup.deleted"),
        backup_id: s.text,
        deleted: s.only(true),
      }),
    errors: ["backup_not_found", "account_held", "session_held", "archive_unavailable"],
    handle: async ({ path: { backup_id }, call }) => {
      await call((account, caller) => account.backups.delete(caller, backup_id));
      return { object: "backup.deleted", backup_id, deleted: true };
    },
  }),
];

const backupBody = (backup: CountedBackup) => ({
  object: "backup" as const,
  backup_id: backup.backup_id,
  status: statusOf(backup),
  reason: backup.reason,
  session_ids: sessionIdsOf(backup),
  sessions: backup.sessions,
  turns: backup.turns,
  bytes: backup.bytes,
  part_count: backup.parts,
  skipped: skippedOf(backup).map(([session_id, code]) => ({ session_id, code })),
  created_at: isoTime(backup.created_at),
  completed_at: backup.completed_at === null ? null : isoTime(backup.completed_at),
});
