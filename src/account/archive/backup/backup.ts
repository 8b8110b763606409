import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { cancelDeletion, insertSegment, scheduleDeletion } from "../../store/archive/archives.ts";
import {
  deleteBackup,
  findBackup,
  heldIn,
  insertBackup,
  lastSessionKey,
  partsOf,
  runningBackup,
  updateBackup,
} from "../../store/archive/backups.ts";
import type { BackupReason } from "../../store/archive/backups.ts";
import { findSession } from "../../store/sessions/sessions.ts";
import { backupPrefix, manifestKey, segmentName } from "../format/keys.ts";
import { sha256OfSegment } from "../format/segment.ts";
import { writeSegment } from "../sessions/write-segment.ts";
import { writePart } from "./backup-part.ts";
import type { BackupParts } from "./backup-parts.ts";
import { backupOf, skippedOf } from "./backup-row.ts";
import { writeManifest } from "./write-manifest.ts";

/** Unreadable sessions that a backup names at most. */
const MAX_SKIPPED = 1_000;

export interface BackupRequest {
  backup_id: string;
  /** Null: all. */
  session_ids: string[] | null;
  reason: BackupReason;
}

/** @throws ApiError `backup_running` while another is, `session_not_found` where one that is named is not there */
export function beginBackup(
  { db }: Pick<BackupParts, "db">,
  { backup_id, session_ids, reason }: BackupRequest,
  now: number,
): void {
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
    session_ids: session_ids && JSON.stringify(session_ids),
    through_key: lastSessionKey(db),
    next_key: 1,
    skipped: "[]",
    restore: null,
  });
}

/**
 * Writes the next part of a backup, or, when all are written, its manifest, which completes it. Each part is an object
 * that R2 verified, so an interrupted backup resumes after the last one.
 *
 * @returns whether the backup is complete
 */
export async function stepBackup(
  parts: BackupParts,
  backupId: string,
  now: number,
): Promise<boolean> {
  const { db, keyring, accountId } = parts;
  const backup = backupOf(db, backupId);
  if (backup.status === "complete") return true;
  const key_id = await keyring.current(now);
  const written = await writePart(parts, backup, key_id, now);
  const { sessions, turns, first_key, last_key, next_key, skipped } = written;
  const skipping = JSON.stringify([...skippedOf(backup), ...skipped].slice(0, MAX_SKIPPED));
  if (sessions > 0) {
    const segment = written.writer.finish();
    const hash = await sha256OfSegment(segment.bytes);
    const objectKey = `${backupPrefix(accountId, backupId)}${segmentName(hash, key_id !== null)}`;
    await writeSegment(parts, objectKey, { ...segment, hash }, now);
    db.transaction(() => {
      // Deleted while its part was written: the part is an orphan, and its deletion stays scheduled.
      if (!findBackup(db, backupId)) return;
      insertSegment(db, {
        object_key: objectKey,
        bytes: segment.bytes.length,
        members: JSON.stringify(segment.members),
        created_at: now,
        key_id,
        backup_id: backupId,
        part: backup.parts + 1,
        first_key,
        last_key,
        sessions,
        turns,
        indexed: null,
      });
      cancelDeletion(db, objectKey);
      updateBackup(db, backupId, { next_key, skipped: skipping });
    });
  } else {
    updateBackup(db, backupId, { next_key, skipped: skipping });
  }
  if (next_key <= backup.through_key) return false;
  await writeManifest(parts, backupId, now);
  updateBackup(db, backupId, { status: "complete", completed_at: now });
  return true;
}

/** @throws ApiError `account_held`, or `session_held` while a session that may be in it is under legal hold */
export function removeBackup({ db, accountId }: BackupParts, backupId: string): void {
  const backup = backupOf(db, backupId);
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
  db.transaction(() => {
    for (const { object_key } of partsOf(db, backupId)) scheduleDeletion(db, object_key);
    scheduleDeletion(db, manifestKey(accountId, backupId));
    deleteBackup(db, backupId);
  });
}
