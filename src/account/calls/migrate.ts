import type { Archivist } from "../archive/sessions/archivist.ts";
import { ApiError } from "../../shared/errors.ts";
import { readValue, writeValue } from "../store/account/account-values.ts";
import type { CallsMode } from "../store/account/account-values.ts";
import { isCallErased } from "../store/calls/calls.ts";
import type { Database } from "../../sqlite/database.ts";
import type { ExternalCallParts } from "../conversation/external-calls.ts";
import {
  countOldRows,
  dropOldRows,
  isCompared,
  oldRowsOf,
  readMismatches,
} from "../store/calls/legacy-call-rows.ts";
import type { Mismatch, StoredRow } from "../store/calls/legacy-call-rows.ts";
import { callErased } from "../../shared/not-found-errors.ts";
import type { Turns } from "../store/turns/turns.ts";
import { keepRows } from "./keep-rows.ts";
import { parseOldRows } from "./old-schema.ts";
import { rebuildCall } from "./rebuild.ts";
import type { Discrepancy } from "./rebuild.ts";
import { writeRebuilt } from "./write-rebuilt.ts";

/** Mismatches that a status names. */
const MAX_REPORTED = 100;

export interface MigrateParts {
  db: Database;
  turns: Turns;
  journal: ExternalCallParts;
  archivist: Archivist;
  /** The deployment's default for accounts without a setting. */
  deploymentMode: CallsMode;
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

export const callsMode = ({
  db,
  deploymentMode,
}: Pick<MigrateParts, "db" | "deploymentMode">): CallsMode =>
  readValue(db, "calls_mode") ?? deploymentMode;

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
  const report: MigrationReport = {
    calls: 0,
    created: 0,
    updated: 0,
    known: 0,
    kept: 0,
    discrepancies: [],
    errors: [],
  };
  for (const [call_id, fresh] of Map.groupBy(rows, (row) => row.call_id)) {
    report.calls += 1;
    if (isCallErased(db, call_id)) {
      const { code, message } = callErased();
      report.errors.push({ call_id, code, message });
      continue;
    }
    const isKept = !isDry && mode !== "new";
    if (isKept) report.discrepancies.push(...keepRows(db, fresh, now));
    const all = isKept ? oldRowsOf(db, call_id) : fresh.map(({ row }) => row);
    const { write, discrepancies } = rebuildCall(call_id, parseOldRows(all));
    report.discrepancies.push(...discrepancies);
    if (isDry) continue;
    if (mode === "old") {
      report.kept += 1;
      continue;
    }
    try {
      report[writeRebuilt(parts, write, mode, now)] += 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      report.errors.push({ call_id, code: error.code, message: error.message });
    }
  }
  return report;
}

export interface MigrationStatus {
  mode: CallsMode;
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
 * @throws ApiError `calls_differ` or `old_rows_dropped`
 */
export function setCallsMode(parts: MigrateParts, mode: CallsMode, isForced: boolean): void {
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
