import { isHeld } from "../../store/account/account-values.ts";
import { heldIn, surplusBackups } from "../../store/archive/backups.ts";
import { before } from "../../store/retention/retention-policy.ts";
import type { Retention } from "../../store/retention/retention-policy.ts";
import { removeBackup } from "./backup.ts";
import type { BackupParts } from "./backup-parts.ts";
import { finishRestores } from "./restore-large.ts";
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

/** @returns how many were deleted */
export async function pruneBackups(
  parts: FinishParts,
  retention: Retention,
  now: number,
): Promise<number> {
  const surplus = prunable(parts, retention, now);
  for (const backupId of surplus) await finishRestores(parts, backupId);
  for (const backupId of surplus) removeBackup(parts, backupId);
  return surplus.length;
}
