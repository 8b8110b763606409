import { version } from "../../../../package.json";
import { isoTime } from "../../../shared/time.ts";
import { WorkSlices } from "../../../shared/work-slices.ts";
import { cancelDeletion } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { lastComplete, partsOf } from "../../store/archive/backups.ts";
import { manifestKey } from "../format/keys.ts";
import { SLICE_TEXT, indexOffset, parseMembers } from "../format/segment.ts";
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
  const slices = new WorkSlices(SLICE_TEXT);
  const parts: ReturnType<typeof manifestPart>[] = [];
  for (const part of partsOf(db, backupId)) {
    parts.push(manifestPart(part));
    await slices.did(part.members.length);
  }
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

export const manifestPart = ({ object_key, members, ...part }: SegmentRow) => ({
  part: part.part,
  object_key,
  bytes: part.bytes,
  sha256: sha256Of(object_key),
  sessions: part.sessions,
  turns: part.turns,
  first_key: part.first_key,
  last_key: part.last_key,
  key_id: part.key_id,
  index_offset: indexOffset(parseMembers(members)),
});

/** A part is named by what is in it. */
export const sha256Of = (objectKey: string): string =>
  objectKey.slice(objectKey.lastIndexOf("/") + 1).split(".")[0] ?? "";
