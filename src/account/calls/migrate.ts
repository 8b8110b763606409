import type { Archivist } from "../archive/sessions/archivist.ts";
import { ApiError } from "../../shared/errors.ts";
import { readValue, writeValue } from "../store/account/account-values.ts";
import type { CallsMode } from "../store/account/account-values.ts";
import { findCall, isCallErased } from "../store/calls/calls.ts";
import type { Database } from "../../sqlite/database.ts";
import { changeCall, writeCall } from "../conversation/external-calls.ts";
import type { CallWrite, ExternalCallParts } from "../conversation/external-calls.ts";
import {
  countOldRows,
  dropOldRows,
  isCompared,
  noteMismatch,
  oldCallIds,
  oldRowsOf,
  putOldRows,
  readMismatches,
} from "../store/calls/legacy-call-rows.ts";
import type { Mismatch, StoredRow } from "../store/calls/legacy-call-rows.ts";
import { callErased } from "../../shared/not-found-errors.ts";
import type { Turns } from "../store/turns/turns.ts";
import { readTurn } from "./read.ts";
import { parseOldRow } from "./old-schema.ts";
import type { OldRow } from "./old-schema.ts";
import { rebuildCall } from "./rebuild.ts";
import type { Discrepancy } from "./rebuild.ts";
import { policyRecord } from "../../shared/policy-record.ts";
import type { Turn } from "../../shared/turn.ts";
import { parseJson, sortedJson } from "../../shared/json.ts";

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
    if (!isDry && mode !== "new") putOldRows(db, fresh, now);
    const isKept = !isDry && mode !== "new";
    const all = isKept ? oldRowsOf(db, call_id) : fresh.map(({ row }) => row);
    const { write, discrepancies } = rebuildCall(call_id, parsed(all));
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

const parsed = (rows: readonly string[]): OldRow[] =>
  rows.map((row) => parseOldRow(parseJson(row)));

function writeRebuilt(
  parts: MigrateParts,
  write: CallWrite,
  mode: CallsMode,
  now: number,
): "created" | "updated" | "known" {
  const { db, journal } = parts;
  const callId = write.call_id as string;
  if (findCall(db, callId) === null) {
    writeCall(journal, write, now);
    return "created";
  }
  if (mode === "new" && !isRepaired(parts, write)) return "known";
  changeCall(journal, callId, (turn, call) =>
    rebuilt(turn, { ...write, call: { ...call, ...write.call } }),
  );
  return "updated";
}

/**
 * Whether a call's complete rows differ from the stored call, because an earlier upload was damaged. An archived call
 * is not changed.
 */
function isRepaired({ db, turns }: MigrateParts, write: CallWrite): boolean {
  const { request, response } = write.call;
  const isWhole = request !== undefined && (response !== undefined || write.status === "failed");
  const id = findCall(db, write.call_id as string);
  const stored = id === null ? undefined : turns.get(id)?.extra.call;
  if (!isWhole || !stored) return false;
  return !same(stored.request, request) || !same(stored.response, response);
}

/** Policy events that came otherwise stay. */
function rebuilt(turn: Turn, write: CallWrite): Turn {
  const { lease: _lease, error: _error, ...extra } = turn.extra;
  const known = new Set(write.policy?.events.map(({ id }) => id));
  const others = (extra.policy?.events ?? []).filter(
    ({ id }) => id === undefined || !known.has(id),
  );
  const events = [...others, ...(write.policy?.events ?? [])];
  return {
    ...turn,
    status: write.status,
    created_at: write.created_at,
    duration_ms: write.duration_ms,
    model: write.model,
    input_tokens: write.input_tokens,
    output_tokens: write.output_tokens,
    input: write.input,
    output: write.output,
    extra: {
      ...extra,
      call: { ...write.call, ...(write.call_id !== undefined && { id: write.call_id }) },
      ...(write.error && { error: write.error }),
      ...(events.length > 0 && { policy: policyRecord(events) }),
    },
  };
}

/** Compares the next calls with what their old rows say. @returns whether there are more */
export async function compareStep(
  parts: MigrateParts,
  limit: number,
  now: number,
): Promise<boolean> {
  const { db } = parts;
  const { after, calls } = readValue(db, "compared") ?? { after: null, calls: 0 };
  if (after === null) return false;
  const ids = oldCallIds(db, after, limit);
  const found: [string, string[]][] = [];
  for (const id of ids) found.push([id, await differencesOf(parts, id)]);
  db.transaction(() => {
    // Rows that came meanwhile restart it.
    if (readValue(db, "compared")?.after !== after) return;
    for (const [id, differences] of found) noteMismatch(db, id, differences);
    const isDone = ids.length < limit;
    writeValue(db, "compared", {
      after: isDone ? null : (ids.at(-1) as string),
      calls: calls + ids.length,
      at: now,
    });
  });
  return readValue(db, "compared")?.after !== null;
}

/** In what a call is not what its old rows say. */
async function differencesOf(
  { db, turns, archivist }: MigrateParts,
  callId: string,
): Promise<string[]> {
  const { write } = rebuildCall(callId, parsed(oldRowsOf(db, callId)));
  let turn: Turn;
  try {
    ({ turn } = await readTurn({ db, turns, archivist }, callId));
  } catch (error) {
    if (error instanceof ApiError && error.code === "call_not_found") return ["missing"];
    throw error;
  }
  const stored = turn.extra.call ?? {};
  const events = new Set(turn.extra.policy?.events.map((event) => event.id));
  const missing = (write.policy?.events ?? []).filter((event) => !events.has(event.id));
  return [
    ...(same(stored.request, write.call.request) ? [] : ["request"]),
    ...(same(stored.response, write.call.response) ? [] : ["response"]),
    ...(turn.status === write.status ? [] : ["status"]),
    ...(missing.length === 0 ? [] : ["policy_events"]),
  ];
}

/** Compared as documents: the order of names does not matter. */
function same(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return sortedJson(parseJson(a)) === sortedJson(parseJson(b));
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
