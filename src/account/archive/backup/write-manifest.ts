import { version } from "../../../../package.json";
import { isoTime } from "../../../shared/time.ts";
import { cancelDeletion } from "../../store/archive/archives.ts";
import { lastComplete, listParts } from "../../store/archive/backups.ts";
import type { BackupPart } from "../../store/archive/backups.ts";
import { manifestKey } from "../format/keys.ts";
import type { BackupParts } from "./backup-parts.ts";
import { backupOf, sessionIdsOf, skippedOf } from "./backup-row.ts";
import { MANIFEST_FORMAT } from "./manifest.ts";

/** Describes the backup for a reader that has the bucket alone. */
export async function writeManifest(
  { db, store, accountId }: BackupParts,
  backupId: string,
  now: number,
): Promise<void> {
  const backup = backupOf(db, backupId);
  const parts = (await listParts(db, backupId)).map(manifestPart);
  const manifest = {
    format: MANIFEST_FORMAT,
    backup_id: backupId,
    account_id: accountId,
    reason: backup.reason,
    created_at: isoTime(backup.created_at),
    completed_at: isoTime(backup.completed_at ?? now),
    made_by: `colloquy ${version}`,
    made_from: {
      session_ids: sessionIdsOf(backup),
      through_key: backup.through_key,
      after_backup: lastComplete(db, backupId),
    },
    sessions: backup.sessions,
    turns: backup.turns,
    bytes: backup.bytes,
    skipped: skippedOf(backup),
    parts,
  };
  const objectKey = manifestKey(accountId, backupId);
  await store.write(objectKey, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), {
    contentType: "application/json",
  });
  db.transaction(() => cancelDeletion(db, objectKey));
}

export const manifestPart = ({ part, object_key, bytes, ...rest }: BackupPart) => ({
  part,
  object_key,
  bytes,
  sha256: sha256Of(object_key),
  ...rest,
});

/** A part is named by what is in it. */
export const sha256Of = (objectKey: string): string =>
  objectKey.slice(objectKey.lastIndexOf("/") + 1).split(".")[0] ?? "";
