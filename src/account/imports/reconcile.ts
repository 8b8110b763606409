import { logError } from "../../observe/log.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { sha256 } from "../../shared/sha256.ts";
import type { RecordImportResult } from "../archive/sessions/bring.ts";
import { recordHash } from "../archive/sessions/insert-record.ts";
import { liveRecord } from "../archive/sessions/live-record.ts";
import type { StagedPart } from "./apply-part.ts";
import type { LargeParts } from "./large-session.ts";
import type { ImportReport } from "./report.ts";

/** Notes a session of several parts, which was read back from R2. */
export function reconcileLarge(
  { reconciliation }: ImportReport,
  session_id: string,
  { isSame, large }: Exclude<StagedPart, { wrong: string }>,
  brought: RecordImportResult | null,
): void {
  if (large && brought?.key !== undefined) {
    // Each of its parts was compared as it came.
    const same = { sent: large.hash, stored: large.hash };
    addReconciled(reconciliation, large.digests.length, same);
  }
  if (!isSame) differs(reconciliation, session_id);
}

/** Reads back what was written, and compares it with what was sent. */
export function reconcile(
  parts: LargeParts,
  { reconciliation }: ImportReport,
  record: SessionRecord,
  key: number,
  sent: string,
): void {
  const { session_id } = record;
  const found = liveRecord(parts, key);
  const stored = found === null ? "" : recordHash(asSent(found, record));
  addReconciled(reconciliation, found?.turns.length ?? 0, { sent, stored });
  if (sent !== stored) differs(reconciliation, session_id);
}

/** One that expired here keeps its user and its role, where what was sent names none. */
const asSent = (found: SessionRecord, { user_id, role }: SessionRecord): SessionRecord => ({
  ...found,
  user_id: user_id === null ? null : found.user_id,
  ...(role === undefined && { role }),
});

function addReconciled(
  to: ImportReport["reconciliation"],
  turns: number,
  { sent, stored }: { sent: string; stored: string },
): void {
  to.sessions += 1;
  to.turns += turns;
  to.sent_sha256 = sha256((to.sent_sha256 ?? "") + sent);
  to.stored_sha256 = sha256((to.stored_sha256 ?? "") + stored);
}

function differs(reconciliation: ImportReport["reconciliation"], session_id: string): void {
  if (reconciliation.differing.length < 20) reconciliation.differing.push(session_id);
  logError("import.differs", "a session is not stored as it was sent", null, { session_id });
}
