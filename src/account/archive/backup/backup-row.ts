import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import { findBackup, findBackupRow } from "../../store/archive/backups.ts";
import type {
  BackupRow,
  BackupStatus,
  CountedBackup,
  Skipped,
} from "../../store/archive/backups.ts";
import { parseJson } from "../../../shared/json.ts";

/** @throws ApiError `backup_not_found` */
export function backupOf(db: Database, backupId: string): CountedBackup {
  const backup = findBackup(db, backupId);
  if (!backup) throw notFound();
  return backup;
}

/** {@link backupOf}, without its counts. */
export function backupRowOf(db: Database, backupId: string): BackupRow {
  const backup = findBackupRow(db, backupId);
  if (!backup) throw notFound();
  return backup;
}

const notFound = () => new ApiError("backup_not_found", "There is no such backup.");

export const sessionIdsOf = ({ session_ids }: BackupRow): string[] | null =>
  session_ids === null ? null : (parseJson(session_ids) as string[]);
/** A backup that is made and lacks a session is not complete. */
export const statusOf = (backup: BackupRow): BackupStatus | "incomplete" =>
  backup.status === "complete" && skippedOf(backup).length > 0 ? "incomplete" : backup.status;
export const skippedOf = ({ skipped }: BackupRow): Skipped => parseJson(skipped) as Skipped;
