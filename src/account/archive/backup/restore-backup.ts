import { letOthersRun } from "../../../shared/let-others-run.ts";
import { ApiError } from "../../../shared/errors.ts";
import { parseJson } from "../../../shared/json.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { findPart, updateBackup } from "../../store/archive/backups.ts";
import type { BackupRow } from "../../store/archive/backups.ts";
import type { SessionRecord } from "../format/record.ts";
import { isNotTaken } from "../sessions/bring.ts";
import type { ImportParts, NotTaken, RecordImport } from "../sessions/bring.ts";
import { wholeIncoming } from "../sessions/incoming.ts";
import type { BackupParts } from "./backup-parts.ts";
import { backupRowOf } from "./backup-row.ts";
import { importAll } from "./import-all.ts";
import { noteCopy } from "./note-copy.ts";
import { readPart } from "./read-part.ts";
import {
  bringLarge,
  checkWhole,
  findLarge,
  importLarge,
  isWhole,
  noteLarge,
} from "./restore-large.ts";
import type { LargeSession } from "./restore-large.ts";

/** Sessions that are written in one transaction, before others get their turn. */
const BATCH_SESSIONS = 100;
/** Turns, unless a single session has more. */
const BATCH_TURNS = 1_000;
/** Conflicts that a report names; it counts all. */
const MAX_REPORTED = 20;

type OnConflict = "newer" | "skip" | "replace" | "fail";

export interface RestoreOptions {
  dry_run: boolean;
  /** Null: all that are in the backup. */
  session_ids: string[] | null;
  /** How to treat a session that exists with other content. */
  on_conflict: OnConflict;
}

/** Result of a restore, or with `dry_run` of a trial. */
export interface RestoreReport {
  backup_id: string;
  dry_run: boolean;
  on_conflict: OnConflict;
  /** False: the time was up. The same again goes on where it ended. */
  complete: boolean;
  restored: number;
  replaced: number;
  /** Sessions whose archives could not be read, and whose place the backup's copies took. */
  repaired: number;
  /** There already, just as in the backup. */
  unchanged: number;
  skipped: Record<NotTaken, number>;
  /** Turns that came back. */
  turns: number;
  /** The first sessions that are there already, and others. */
  conflicts: string[];
}

/** First all parts are checked, and only then is anything written. */
interface Progress {
  asked: string;
  phase: "check" | "write";
  /** The last part that is done. */
  part: number;
  /** The last session of the next part that is done, by its key there. */
  after?: number;
  report: RestoreReport;
  /** Sessions of several parts, as they were found. Older versions kept none. */
  large?: LargeSession[];
}

export type RestoreParts = BackupParts & ImportParts;

/**
 * The next step of a restore: one part of the backup checked, or written, or some of it where damaged archives are repaired. Kept with the backup, so that a restore that
 * was cut off goes on where it was; what it has restored by then is `unchanged` to another one.
 *
 * @throws ApiError `archive_corrupt` when a part is damaged, `restore_conflict`; then nothing was restored
 */
export async function stepRestore(
  parts: RestoreParts,
  backupId: string,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { db } = parts;
  const backup = backupRowOf(db, backupId);
  checkComplete(backup);
  const asked = JSON.stringify(options);
  const kept = backup.restore === null ? null : (parseJson(backup.restore) as Progress);
  const progress: Progress =
    kept?.asked === asked
      ? { ...kept, report: withAllCounts(kept.report, options) }
      : { asked, phase: "check", part: 0, report: emptyReport(backupId, options) };
  try {
    await step(parts, progress, options);
  } catch (error) {
    updateBackup(db, backupId, { restore: null });
    throw error;
  }
  const done = progress.report.complete;
  updateBackup(db, backupId, { restore: done ? null : JSON.stringify(progress) });
  return progress.report;
}

async function step(parts: RestoreParts, progress: Progress, options: RestoreOptions) {
  const { report } = progress;
  const part = findPart(parts.db, report.backup_id, progress.part);
  if (part) {
    await takePart(parts, part, progress, options);
    if (progress.after === undefined) progress.part = part.part as number;
    return;
  }
  if (progress.phase === "check") {
    checkWhole(parts.db, progress.large ?? []);
    if (options.on_conflict === "fail" && report.conflicts.length > 0 && !options.dry_run) {
      throw new ApiError(
        "restore_conflict",
        `These sessions exist with other content than in the backup: ${report.conflicts.join(", ")}. Nothing was restored. Send on_conflict=skip or replace.`,
      );
    }
    if (!options.dry_run) {
      progress.phase = "write";
      progress.part = 0;
      progress.report = emptyReport(report.backup_id, options);
      return;
    }
  }
  report.complete = true;
}

/** Checks a part, or writes what it holds. */
async function takePart(
  parts: RestoreParts,
  part: SegmentRow,
  progress: Progress,
  options: RestoreOptions,
): Promise<void> {
  const { report, phase } = progress;
  const large = (progress.large ??= []);
  const onlyCheck = phase === "check";
  // What it holds was checked, and its session is there.
  if (!onlyCheck && part.sessions === 0) return bringLarge(parts, part, large);
  const records = (await readPart(parts, part)).filter(
    ({ session_id }) => options.session_ids?.includes(session_id) ?? true,
  );
  const [first] = records;
  if (!first?.part) return applyRecords(parts, part, records, progress, options);
  const found = onlyCheck ? noteLarge(large, part, first) : findLarge(large, part);
  if (!found || !isWhole(found)) return;
  const how = { backupId: report.backup_id, on_conflict: options.on_conflict, onlyCheck };
  const { done, turns } = await importLarge(parts, found, how);
  count(report, found.session_id, turns, done);
  if (!onlyCheck) await bringLarge(parts, part, large);
}

const emptyReport = (
  backup_id: string,
  { dry_run, on_conflict }: RestoreOptions,
): RestoreReport => ({
  backup_id,
  dry_run,
  on_conflict,
  complete: false,
  restored: 0,
  replaced: 0,
  repaired: 0,
  unchanged: 0,
  skipped: { exists: 0, erased: 0, held: 0, busy: 0, facts_full: 0, damaged: 0 },
  turns: 0,
  conflicts: [],
});

/** A restore that an older version began has fewer counts. */
function withAllCounts(report: RestoreReport, options: RestoreOptions): RestoreReport {
  const empty = emptyReport(report.backup_id, options);
  return { ...empty, ...report, skipped: { ...empty.skipped, ...report.skipped } };
}

/** @throws ApiError `backup_running` */
export function checkComplete({ backup_id, status }: BackupRow): void {
  if (status === "complete") return;
  throw new ApiError("backup_running", `The backup ${backup_id} is not complete yet.`, {
    retry_after_ms: 1_000,
  });
}

/** A step ends after a batch with repairs: for these the words of whole volumes of the search index are read. */
async function applyRecords(
  parts: RestoreParts,
  part: SegmentRow,
  records: readonly SessionRecord[],
  progress: Progress,
  { on_conflict }: RestoreOptions,
): Promise<void> {
  const { report, phase, after = 0 } = progress;
  const onlyCheck = phase === "check";
  const how = { backupId: report.backup_id, on_conflict, onlyCheck };
  const batches = batchesOf(records.filter(({ key }) => key > after));
  delete progress.after;
  for (const [index, batch] of batches.entries()) {
    const all = batch.map((record) => wholeIncoming(parts, record));
    const repaired = report.repaired;
    await importAll(parts, all, how, ({ head, turns }, { done }) => {
      if (!onlyCheck) noteCopy(parts.db, head, part);
      count(report, head.session_id, turns, done);
    });
    if (!onlyCheck && report.repaired > repaired && index < batches.length - 1) {
      progress.after = batch.at(-1)?.key ?? 0;
      return;
    }
    await letOthersRun();
  }
}

/** Up to {@link BATCH_SESSIONS} of up to {@link BATCH_TURNS} turns together, or a single one of more. */
export function batchesOf<T extends Pick<SessionRecord, "turns">>(records: readonly T[]): T[][] {
  const batches: T[][] = [];
  let turns = Infinity;
  for (const record of records) {
    turns += record.turns.length;
    if (turns > BATCH_TURNS || batches.at(-1)?.length === BATCH_SESSIONS) {
      batches.push([]);
      turns = record.turns.length;
    }
    batches.at(-1)?.push(record);
  }
  return batches;
}

function count(report: RestoreReport, session_id: string, turns: number, done: RecordImport): void {
  if (isNotTaken(done)) report.skipped[done] += 1;
  else if (done === "created") report.restored += 1;
  // Only facts of the user came.
  else if (done === "merged") report.replaced += 1;
  else report[done] += 1;
  const isInPlace = done === "replaced" || done === "repaired";
  if (done === "created" || isInPlace) report.turns += turns;
  if ((done === "exists" || isInPlace) && report.conflicts.length < MAX_REPORTED)
    report.conflicts.push(session_id);
}
