import { isHeld } from "../../store/account/account-values.ts";
import { heldIn, surplusBackups } from "../../store/archive/backups.ts";
import { before } from "../../store/retention/retention-policy.ts";
import type { Retention } from "../../store/retention/retention-policy.ts";
import type { BackupParts } from "./backup-parts.ts";
import { dropBackup } from "./drop-backup.ts";
import type { FinishParts } from "./restore-large.ts";

/** Backups that exceed the retention by age or number. A held backup stays. */
export function prunable(
  { db }: Pick<BackupParts, "db">,
  { backup_days, backups_kept }: Retention,
  now: number,
): string[] {
  if (isHeld(db)) return [];
  return surplusBackups(db, before(now, backup_days), backups_kept).filter(
    (backupId) => heldIn(db, backupId) === 0,
  );
}

export type PruneParts = FinishParts & {
  onError: (error: unknown, about: Record<string, string | number>) => void;
};

/** A backup whose restore cannot be finished stays, and does not block the others. */
export async function pruneBackups(
  parts: PruneParts,
  retention: Retention,
  now: number,
): Promise<{ deleted: number; errors: number }> {
  let deleted = 0;
  let errors = 0;
  for (const backup_id of prunable(parts, retention, now)) {
    try {
      await dropBackup(parts, backup_id);
      deleted += 1;
    } catch (error) {
      errors += 1;
      parts.onError(error, { backup_id });
    }
  }
  return { deleted, errors };
}
