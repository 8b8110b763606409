import type { Database } from "../../sqlite/database.ts";
import { dropStaged, stagedSessions } from "../store/archive/staged-parts.ts";
import type { NotExported } from "./import-line.ts";
import type { ImportReport } from "./report.ts";

/**
 * In a transaction: drops the parts of sessions with which the export could not go on. The report names only the first
 * sessions that the export lacks, so this is done as each is named.
 *
 * @param by - the import's `imports.number`
 * @param coming - a session of which a part comes with the same lines, after it was named
 */
export function dropCutOff(
  db: Database,
  report: ImportReport,
  by: number,
  notExported: readonly NotExported[],
  coming: string | undefined,
): void {
  if (notExported.length === 0) return;
  const named = new Set(notExported.map(({ session_id }) => session_id));
  for (const staged of stagedSessions(db, by)) {
    if (!named.has(staged.session_id) || staged.session_id === coming) continue;
    report.skipped.bad += 1;
    dropStaged(db, staged);
  }
}
