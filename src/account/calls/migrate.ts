import type { Archivist } from "../archive/sessions/archivist.ts";
import { ApiError } from "../../shared/errors.ts";
import { deleteValue, readValue, writeValue } from "../store/account/account-values.ts";
import type { CallsMode } from "../store/account/account-values.ts";
import { holdOfCall, isCallErased } from "../store/calls/calls.ts";
import type { Database } from "../../sqlite/database.ts";
import type { ExternalCallParts } from "../conversation/external-calls.ts";
import {
  countOldRows,
  dropOldRows,
  isCompared,
  oldCallIds,
  oldRowsOf,
  readMismatches,
} from "../store/calls/legacy-call-rows.ts";
import type { Mismatch, StoredRow } from "../store/calls/legacy-call-rows.ts";
import { callErased } from "../../shared/not-found-errors.ts";
import type { Turns } from "../store/turns/turns.ts";
import { keepRows, replacesRows } from "./keep-rows.ts";
import { callsMode } from "./mode.ts";
import { parseOldRows } from "./old-schema.ts";
import type { OwnTurnRows } from "./own-turns.ts";
import { rebuildCall } from "./rebuild.ts";
import type { Discrepancy, Rebuilt } from "./rebuild.ts";
import { writeRebuilt } from "./write-rebuilt.ts";

/** Calls that a step makes of their rows. */
const BACKFILL_BATCH_SIZE = 50;
/** Mismatches that a status names. */
const MAX_REPORTED = 100;

const HELD_ROWS =
  "The call is under legal hold: rows of it that are kept are not replaced. Lift the hold first.";

export interface MigrateParts {
  db: Database;
  turns: Turns;
  journal: ExternalCallParts;
  archivist: Archivist;
  /** The deployment's default for accounts without a setting. */
  deploymentMode: CallsMode;
  ownTurnRows: OwnTurnRows;
}

export interface MigrationReport {
  calls: number;
  created: number;
  /** Known calls that were rewritten. */
  updated: number;
  /** Known, and left as they are. */
  known: number;
  /** Kept as rows only. */
  kept: number;
  discrepancies: Discrepancy[];
  errors: { call_id: string; code: string; message: string }[];
}

const emptyReport = (): MigrationReport => ({
  calls: 0,
  created: 0,
  updated: 0,
  known: 0,
  kept: 0,
  discrepancies: [],
  errors: [],
});

/**
 * Makes calls of old rows. Pass all rows of each call that are known. Idempotent. Call inside a transaction.
 *
 * @param isDry - reports the result, and writes nothing
 */
export function migrateRows(
  parts: MigrateParts,
  rows: readonly StoredRow[],
  isDry: boolean,
  now: number,
): MigrationReport {
  const { db } = parts;
  const mode = callsMode(parts);
  const report = emptyReport();
  for (const [call_id, fresh] of Map.groupBy(rows, (row) => row.call_id)) {
    report.calls += 1;
    if (isCallErased(db, call_id)) {
      const { code, message } = callErased();
      report.errors.push({ call_id, code, message });
      continue;
    }
    const isKept = !isDry && mode !== "new";
    const hold = isKept ? holdOfCall(db, call_id) : null;
    if (hold !== null && replacesRows(db, fresh)) {
      report.errors.push({ call_id, code: hold, message: HELD_ROWS });
      continue;
    }
    if (isKept) report.discrepancies.push(...keepRows(db, fresh, now));
    const all = isKept ? oldRowsOf(db, call_id) : fresh.map(({ row }) => row);
    const rebuilt = rebuildCall(call_id, parseOldRows(all));
    report.discrepancies.push(...rebuilt.discrepancies);
    if (isDry) continue;
    if (mode === "old") {
      report.kept += 1;
      continue;
    }
    const result = attempt(parts, rebuilt, mode, now);
    if (typeof result === "string") report[result] += 1;
    else report.errors.push(result);
  }
  return report;
}

export interface BackfillStep extends Omit<MigrationReport, "kept"> {
  /** The last call that it looked at; null after the last. */
  after: string | null;
}

/** Makes calls of the next kept rows, in any mode. Known calls that are the same are left. In a transaction. */
export function backfillStep(parts: MigrateParts, after: string, now: number): BackfillStep {
  const { db } = parts;
  const { kept: _, ...report } = emptyReport();
  const ids = oldCallIds(db, after, BACKFILL_BATCH_SIZE);
  for (const call_id of ids) {
    report.calls += 1;
    const rebuilt = rebuildCall(call_id, parseOldRows(oldRowsOf(db, call_id)));
    report.discrepancies.push(...rebuilt.discrepancies);
    const result = attempt(parts, rebuilt, "new", now);
    if (typeof result === "string") report[result] += 1;
    else report.errors.push(result);
  }
  if (report.created + report.updated > 0)
    writeValue(db, "compared", { after: "", calls: 0, at: now });
  return { ...report, after: ids.length < BACKFILL_BATCH_SIZE ? null : (ids.at(-1) ?? null) };
}

/** Result for one call, or why it could not be written. */
function attempt(parts: MigrateParts, rebuilt: Rebuilt, mode: CallsMode, now: number) {
  try {
    return writeRebuilt(parts, rebuilt, mode, now);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { call_id: rebuilt.write.call_id as string, code: error.code, message: error.message };
  }
}

export interface MigrationStatus {
  mode: CallsMode;
  /** Turns that Colloquy answers are written as old rows, too. */
  own_turns: boolean;
  old_rows: number;
  old_calls: number;
  /** Calls that were compared since the last row came, and whether all were. */
  compared: number;
  is_compared: boolean;
  /** Ms since the epoch. */
  compared_at: number | null;
  mismatches: number;
  first_mismatches: Mismatch[];
  dropped: boolean;
}

export function migrationStatus(parts: MigrateParts): MigrationStatus {
  const { db } = parts;
  const { rows, calls } = countOldRows(db);
  const compared = readValue(db, "compared");
  const { count, first } = readMismatches(db, MAX_REPORTED);
  return {
    mode: callsMode(parts),
    own_turns: readValue(db, "own_turns") !== null,
    old_rows: rows,
    old_calls: calls,
    compared: compared?.calls ?? 0,
    is_compared: rows === 0 || isCompared(db),
    compared_at: compared && compared.calls > 0 ? compared.at : null,
    mismatches: count,
    first_mismatches: first,
    dropped: readValue(db, "old_rows_dropped") !== null,
  };
}

/**
 * Any way but past the drop. To the calls alone only when all were compared and none differ, or by force. In a
 * transaction.
 *
 * @param ownTurns - whether turns that Colloquy answers are written as old rows, too; undefined leaves it as it is
 * @throws ApiError `calls_differ` or `old_rows_dropped`
 */
export function setCallsMode(
  parts: MigrateParts,
  mode: CallsMode,
  isForced: boolean,
  ownTurns: boolean | undefined,
): void {
  const { db } = parts;
  const status = migrationStatus(parts);
  if (status.dropped && mode !== "new") {
    throw new ApiError("old_rows_dropped", "The old rows were deleted: only new can be set.");
  }
  if (mode === "new" && !isForced) {
    if (!status.is_compared) {
      throw new ApiError(
        "calls_differ",
        "Not all calls were compared since the last row came. POST /migrations/calls/compare first.",
      );
    }
    if (status.mismatches > 0) {
      throw new ApiError(
        "calls_differ",
        `${status.mismatches} calls differ from their old rows. See GET /migrations/calls/status, or send "force": true.`,
      );
    }
  }
  writeValue(db, "calls_mode", mode);
  if (ownTurns === true) writeValue(db, "own_turns", true);
  if (ownTurns === false) deleteValue(db, "own_turns");
  parts.ownTurnRows.forget();
}

/** Deletes the old rows, for good. In a transaction. @throws ApiError `calls_differ` unless the calls alone are written */
export function dropOld(parts: MigrateParts): void {
  const { db } = parts;
  if (callsMode(parts) !== "new") {
    throw new ApiError("calls_differ", 'Old rows are written still: set the mode to "new" first.');
  }
  dropOldRows(db);
  writeValue(db, "old_rows_dropped", true);
}
