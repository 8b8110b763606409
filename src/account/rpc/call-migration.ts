import { checkErasable } from "../archive/erasure/erase-account.ts";
import { compareStep } from "../calls/compare.ts";
import {
  backfillStep,
  dropOld,
  migrateRows,
  migrationStatus,
  setCallsMode,
} from "../calls/migrate.ts";
import { callsMode } from "../calls/mode.ts";
import type { CallsMode } from "../store/account/account-values.ts";
import { walkMismatches } from "../store/calls/legacy-call-rows.ts";
import type { Mismatch, StoredRow } from "../store/calls/legacy-call-rows.ts";
import { readPage } from "../../sqlite/keyset-page.ts";
import type { PageQuery } from "../../sqlite/keyset-page.ts";
import { defineFacet, wholeAccount } from "./facet.ts";

/** How many calls one step compares with their rows of the old schema. */
export const COMPARE_BATCH_SIZE = 200;

/** The migration of a call log from the old schema. */
export const callMigrationFacet = defineFacet({
  /** @param rows - all known rows of each of their calls */
  migrate: wholeAccount.changes(
    ({ services }, _caller, rows: StoredRow[], isDry: boolean, now: number) => {
      if (!isDry) services.quotas.checkBytes();
      const report = services.db.transaction(() => migrateRows(services, rows, isDry, now));
      if (!isDry) services.outbox.idleChanged();
      return { mode: callsMode(services), ...report };
    },
  ),

  /** One step. */
  compare: wholeAccount.serves(({ services }, _caller, now: number) =>
    compareStep(services, COMPARE_BATCH_SIZE, now),
  ),

  status: wholeAccount.serves(({ services }) => migrationStatus(services)),

  /** Calls that were not what their old rows say, at the last comparison. @param callId - of this call alone */
  mismatches: wholeAccount.serves(
    ({ services: { db } }, _caller, query: PageQuery, callId: string | null) =>
      readPage(query, {
        // A call that was put right meanwhile still has its place in the list.
        cursorOf: (id) => id,
        walk: (order, after, count) => walkMismatches(db, order, after, count, callId),
        placeOf: ({ call_id }: Mismatch) => call_id,
        sizeOf: () => 0,
      }),
  ),

  /** Makes calls of the next rows that were kept. @param after - the call after which to go on */
  backfill: wholeAccount.changes(({ services }, _caller, after: string, now: number) => {
    services.quotas.checkBytes();
    const step = services.db.transaction(() => backfillStep(services, after, now));
    services.outbox.idleChanged();
    return step;
  }),

  setMode: wholeAccount.changes(
    ({ services }, _caller, mode: CallsMode, isForced: boolean, ownTurns: boolean | undefined) => {
      services.db.transaction(() => setCallsMode(services, mode, isForced, ownTurns));
      services.outbox.idleChanged();
      return migrationStatus(services);
    },
  ),

  /** Refused while anything of the account is under legal hold: the rows are evidence, too. */
  dropOldRows: wholeAccount.changes(({ services }) => {
    checkErasable(services.db);
    services.db.transaction(() => dropOld(services));
    return migrationStatus(services);
  }),
});
