import { ApiError, isUnreadable } from "../../../shared/errors.ts";
import { anotherRequest } from "../../../shared/not-found-errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { cancelDeletion, insertSegment, scheduleDeletion } from "../../store/archive/archives.ts";
import {
  deleteBackup,
  findBackupByEnd,
  findBackupRow,
  heldIn,
  insertBackup,
  lastPart,
  lastSessionKey,
  partKeys,
  runningBackup,
  sessionsRestoredFrom,
  updateBackup,
} from "../../store/archive/backups.ts";
import type { BackupReason, BackupRow, Skipped } from "../../store/archive/backups.ts";
import { findSession } from "../../store/sessions/sessions.ts";
import { manifestKey } from "../format/keys.ts";
import { writePart } from "./backup-part.ts";
import type { BackupParts } from "./backup-parts.ts";
import { backupRowOf, skippedOf } from "./backup-row.ts";
import { writeLargeSession, writeSegmentOf } from "./large-session.ts";
import type { WrittenPart } from "./large-session.ts";
import { writeManifest } from "./write-manifest.ts";

/** Unreadable sessions that a backup names at most. */
const MAX_SKIPPED = 1_000;

export interface BackupRequest {
  backup_id: string;
  /** Null: all. */
  session_ids: string[] | null;
  reason: BackupReason;
  /** The end of the id, for a request with an idempotency key: one that was begun under the key is gone on with. */
  keyed?: string | undefined;
}

export interface BegunBackup {
  backup_id: string;
  is_complete: boolean;
}

/**
 * @throws ApiError `backup_running` while another is, `session_not_found` where one that is named is not there,
 *   `idempotency_mismatch` where the key has a backup of other sessions
 */
export function beginBackup(
  { db }: Pick<BackupParts, "db">,
  { backup_id, session_ids, reason, keyed }: BackupRequest,
  now: number,
): BegunBackup {
  const named = session_ids && JSON.stringify(session_ids);
  const known = keyed === undefined ? null : findBackupByEnd(db, keyed);
  if (known && known.session_ids !== named) throw anotherRequest();
  if (known) return { backup_id: known.backup_id, is_complete: known.status === "complete" };
  const running = runningBackup(db);
  if (running !== null) {
    throw new ApiError(
      "backup_running",
      `The backup ${running} is still running. Wait for it, or DELETE it.`,
      { retry_after_ms: 1_000 },
    );
  }
  const missing = session_ids?.find((id) => findSession(db, id) === null);
  if (missing !== undefined) {
    throw new ApiError(
      "session_not_found",
      `There is no session ${missing}, so no backup was made. Send ids of sessions that exist.`,
      {
        param: "session_ids",
      },
    );
  }
  insertBackup(db, {
    backup_id,
    status: "running",
    reason,
    created_at: now,
    completed_at: null,
    session_ids: named,
    through_key: lastSessionKey(db),
    next_key: 1,
    skipped: "[]",
    restore: null,
  });
  return { backup_id, is_complete: false };
}

/**
 * Writes the next part of a backup, or all parts of a session that has several, or, when all are written, the manifest,
 * which completes the backup. Each part is an object that R2 verified, so an interrupted backup resumes after the last one.
 *
 * @returns whether the backup is complete
 */
export async function stepBackup(
  parts: BackupParts,
  backupId: string,
  now: number,
): Promise<boolean> {
  const { db, keyring } = parts;
  const backup = backupRowOf(db, backupId);
  if (backup.status === "complete") return true;
  const key_id = await keyring.current(now);
  const { next_key, skipped, written } = await writeNext(parts, backup, key_id, now);
  db.transaction(() => {
    // Deleted while its parts were written: these are orphans, and their deletion stays scheduled.
    if (!findBackupRow(db, backupId)) return;
    const last = lastPart(db, backupId);
    for (const [index, part] of written.entries()) {
      insertSegment(db, {
        ...part,
        created_at: now,
        key_id,
        backup_id: backupId,
        part: last + 1 + index,
        indexed: null,
      });
      cancelDeletion(db, part.object_key);
    }
    const skipping = [...skippedOf(backup), ...skipped].slice(0, MAX_SKIPPED);
    updateBackup(db, backupId, { next_key, skipped: JSON.stringify(skipping) });
  });
  if (next_key <= backup.through_key) return false;
  await writeManifest(parts, backupId, now);
  updateBackup(db, backupId, { status: "complete", completed_at: now });
  return true;
}

type NewPart = WrittenPart & { first_key: number; last_key: number };

async function writeNext(
  parts: BackupParts,
  backup: BackupRow,
  key_id: number | null,
  now: number,
): Promise<{ next_key: number; skipped: Skipped; written: NewPart[] }> {
  const { backup_id } = backup;
  const read = await writePart(parts, backup, key_id, now);
  const { writer, sessions, turns, first_key, last_key, next_key, skipped, large } = read;
  if (sessions > 0) {
    const part = await writeSegmentOf(parts, backup_id, writer.finish(), key_id, now);
    return { next_key, skipped, written: [{ ...part, sessions, turns, first_key, last_key }] };
  }
  if (!large) return { next_key, skipped, written: [] };
  const { key, session_id } = large;
  const done = { next_key: key + 1, skipped };
  try {
    const written = await writeLargeSession(parts, backup_id, large, key_id, now);
    return {
      ...done,
      written: written.map((part) => ({ ...part, first_key: key, last_key: key })),
    };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { ...done, skipped: [...skipped, [session_id, "archive_corrupt"]], written: [] };
  }
}

/**
 * Call `finishRestores` before: see `dropBackup`.
 *
 * @throws ApiError `account_held`, or `session_held` while a session that may be in it is under legal hold
 */
export function removeBackup({ db, accountId }: BackupParts, backupId: string): void {
  const backup = backupRowOf(db, backupId);
  if (isHeld(db)) {
    throw new ApiError(
      "account_held",
      "The account is under legal hold: nothing may erase its backups. Lift the hold first.",
    );
  }
  const held = heldIn(db, backup.backup_id);
  if (held > 0) {
    throw new ApiError(
      "session_held",
      `${held} sessions that may be in the backup are under legal hold: nothing may erase it. Lift the holds first.`,
    );
  }
  if (sessionsRestoredFrom(db, backupId).length > 0)
    throw new Error("a session that is being restored from it has no other copy");
  db.transaction(() => {
    for (const object_key of partKeys(db, backupId)) scheduleDeletion(db, object_key);
    scheduleDeletion(db, manifestKey(accountId, backupId));
    deleteBackup(db, backupId);
  });
}
