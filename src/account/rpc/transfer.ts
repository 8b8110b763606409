import type { PageQuery } from "../../sqlite/keyset-page.ts";
import { RETRY_MS } from "../account.ts";
import { exportPage, sentPage } from "../archive/upkeep/export-account.ts";
import type { ExportCursor } from "../archive/upkeep/export-cursor.ts";
import { applyBatches, closeImport, importOf, viewImport } from "../imports/apply.ts";
import type { Batch, ImportTarget } from "../imports/apply.ts";
import { openImport } from "../imports/open-import.ts";
import type { SentOptions } from "../imports/open-import.ts";
import { undoStep } from "../imports/undo.ts";
import type { UndoProgress } from "../imports/undo-progress.ts";
import { listImports } from "../store/archive/imports.ts";
import type { ExportFilter } from "../store/sessions/export-filter.ts";
import { userFor } from "../store/sessions/session-access.ts";
import { defineFacet, user, wholeAccount } from "./facet.ts";

/** Export and import. */
export const transferFacet = defineFacet({
  exportUser: user.serves(
    async ({ services }, caller, userId: string, cursor: ExportCursor, now: number) =>
      sentPage(await exportPage(services, { user: userFor(caller, userId) }, cursor, now)),
  ),

  /** The next lines of all sessions that fit the filter. */
  exportAll: wholeAccount.serves(
    async ({ services }, _caller, filter: ExportFilter, cursor: ExportCursor, now: number) =>
      sentPage(await exportPage(services, filter, cursor, now)),
  ),

  /** Refuses a caller that may not import. */
  checkImport: wholeAccount.changes(() => undefined),

  /** Begins an import, or continues one. */
  openImport: wholeAccount.changes(
    (
      { services },
      _caller,
      importId: string,
      options: SentOptions,
      fromLine: number,
      now: number,
    ) => openImport(services, importId, options, fromLine, now),
  ),

  /** Writes some sessions of an import, each batch in a transaction of its own. A dry run reports what it would write. */
  importBatches: wholeAccount.serves(
    (account, _caller, target: ImportTarget, batches: Batch[], now: number) =>
      account.archiving.run(async () => {
        account.checkNotErasing();
        const hasParts = batches.some(({ part_line }) => typeof part_line === "number");
        if (!hasParts || "dry_run" in target) {
          try {
            return await applyBatches(account.services, target, batches, now);
          } finally {
            // Batches before one that failed are written.
            await account.cleanLater();
          }
        }
        await account.wakeWithin(RETRY_MS);
        try {
          return await applyBatches(account.services, target, batches, now);
        } finally {
          await account.clean();
          // What waits, and what is archived now, goes some day.
          account.services.outbox.idleChanged();
        }
      }),
  ),

  /** Records how far the import is. A later request may continue it. */
  closeImport: wholeAccount.serves(
    (
      account,
      _caller,
      importId: string,
      status: "running" | "complete" | "failed",
      now: number,
      body?: string | null,
    ) =>
      // Another request of the import may be writing a part.
      account.archiving.run(async () => {
        const closed = closeImport(account.services, importId, status, now, body);
        await account.cleanLater();
        return closed;
      }),
  ),

  /** Until it had pages, it was `listImports`, with a limit alone. */
  pageImports: wholeAccount.serves(({ services }, _caller, query: PageQuery) => {
    const { data, has_more } = listImports(services.db, query);
    return { data: data.map(viewImport), has_more };
  }),

  getImport: wholeAccount.serves(({ services }, _caller, importId: string) =>
    viewImport(importOf(services, importId)),
  ),

  /** One step of undoing an import. */
  undoImport: wholeAccount.serves(
    (account, _caller, importId: string, before: UndoProgress, now: number) =>
      account.archiving.run(async () => {
        account.checkNotErasing();
        await account.wakeWithin(RETRY_MS);
        const undone = await undoStep(account.services, importId, before, now);
        if (undone.cursor === null) {
          account.askForMaintenance();
          await account.clean();
        }
        return undone;
      }),
  ),
});
