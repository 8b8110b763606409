import type { PageQuery } from "../../sqlite/keyset-page.ts";
import { RETRY_MS } from "../account.ts";
import { beginBackup, stepBackup } from "../archive/backup/backup.ts";
import { backupOf } from "../archive/backup/backup-row.ts";
import type { BackupRequest } from "../archive/backup/backup.ts";
import { dropBackup } from "../archive/backup/drop-backup.ts";
import { stepRestore } from "../archive/backup/restore-backup.ts";
import type { RestoreOptions } from "../archive/backup/restore-backup.ts";
import { verifyPart } from "../archive/backup/verify-backup.ts";
import { listBackups, listParts, runningBackup } from "../store/archive/backups.ts";
import { defineFacet, wholeAccount, worker } from "./facet.ts";

/** Backups of the account in R2, and restores from them. */
export const backupsFacet = defineFacet({
  begin: wholeAccount.changes(({ services }, _caller, request: BackupRequest, now: number) =>
    services.db.transaction(() => {
      const begun = beginBackup(services, request, now);
      services.outbox.idleChanged();
      return begun;
    }),
  ),

  /** @returns whether the backup is complete */
  step: wholeAccount.serves((account, _caller, backupId: string, now: number) =>
    account.archiving.run(async () => {
      await account.wakeWithin(RETRY_MS);
      const { services } = account;
      const isComplete = await stepBackup(services, backupId, now);
      if (isComplete) services.outbox.idleChanged();
      return isComplete;
    }),
  ),

  /** The id of the backup that is being made, or null. */
  running: worker.serves(({ services }) => runningBackup(services.db)),

  list: wholeAccount.serves(({ services }, _caller, query: PageQuery) =>
    listBackups(services.db, query),
  ),

  get: wholeAccount.serves(async ({ services: { db } }, _caller, backupId: string) => ({
    backup: backupOf(db, backupId),
    parts: await listParts(db, backupId),
  })),

  delete: wholeAccount.serves((account, _caller, backupId: string): Promise<void> =>
    account.archiving.run(async () => {
      const { services } = account;
      await account.wakeWithin(RETRY_MS);
      await dropBackup(services, backupId);
      await account.clean();
      services.outbox.idleChanged();
    }),
  ),

  /** Checks the manifest, or the part of the backup after `after`. */
  verifyPart: wholeAccount.serves((account, _caller, backupId: string, after: number | null) =>
    account.archiving.run(() => verifyPart(account.services, backupId, after)),
  ),

  /** One step of a restore. */
  stepRestore: wholeAccount.serves((account, _caller, backupId: string, options: RestoreOptions) =>
    account.archiving.run(async () => {
      account.checkNotErasing();
      try {
        return await stepRestore(account.services, backupId, options);
      } finally {
        // Sessions before the one that failed are written.
        await account.cleanLater();
      }
    }),
  ),
});
