import { ApiError } from "../errors.ts";
import { isHeld } from "../store/account.ts";
import { leaveCopy } from "../store/archives.ts";
import type { SegmentRow } from "../store/archives.ts";
import { findPart, updateBackup } from "../store/backups.ts";
import type { CountedBackup } from "../store/backups.ts";
import { isObject } from "../store/merge-patch.ts";
import { snapshots } from "../store/retention.ts";
import { dropSession, erasedAt, findSession } from "../store/sessions.ts";
import { HELD } from "../store/session-flags.ts";
import type { SessionRow } from "../store/sessions.ts";
import { statesOf } from "../store/state.ts";
import { settledView } from "../store/turns.ts";
import { recordHead } from "./archivist.ts";
import { backupOf, sha256Of } from "./backup.ts";
import type { BackupParts } from "./backup.ts";
import { insertRecord, underKey } from "./insert-record.ts";
import type { InsertParts } from "./insert-record.ts";
import { RecordReader, corrupt } from "./record.ts";
import type { SessionRecord } from "./record.ts";
import { parseMembers, readMember, sha256 } from "./segment.ts";
import type { Member } from "./segment.ts";

/** Sessions that are written in one transaction, before others get their turn. */
const BATCH_SESSIONS = 100;
/** So many conflicts are named. */
const NAMED = 20;

export type OnConflict = "skip" | "replace" | "fail";

export interface RestoreOptions {
  dry_run: boolean;
  /** Null: all that are in the backup. */
  session_ids: string[] | null;
  /** What happens to a session that is there already, and another. */
  on_conflict: OnConflict;
}

/** What a restore did, or with `dry_run` would do. */
export interface RestoreReport {
  backup_id: string;
  dry_run: boolean;
  on_conflict: OnConflict;
  /** False: the time was up. The same again goes on where it ended. */
  complete: boolean;
  restored: number;
  replaced: number;
  /** There already, just as in the backup. */
  unchanged: number;
  skipped: { exists: number; erased: number; held: number; busy: number };
  /** That came back. */
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
  report: RestoreReport;
}

export type RestoreParts = BackupParts &
  InsertParts & { ledger: { drop: (sessionId: string) => void; isBusy: (id: string) => boolean } };

/**
 * The next step of a restore: one part of the backup checked, or written. Kept with the backup, so that a restore that
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
  const backup = backupOf(db, backupId);
  checkComplete(backup);
  const asked = JSON.stringify(options);
  const kept = backup.restore === null ? null : (JSON.parse(backup.restore) as Progress);
  const progress: Progress =
    kept?.asked === asked
      ? kept
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
    const records = (await readPart(parts, part)).filter(
      ({ session_id }) => options.session_ids?.includes(session_id) ?? true,
    );
    await applyRecords(parts, records, options, report, progress.phase === "check");
    progress.part = part.part as number;
    return;
  }
  if (progress.phase === "check") {
    if (options.on_conflict === "fail" && report.conflicts.length > 0 && !options.dry_run) {
      throw new ApiError(
        "restore_conflict",
        `Sessions are there already, and others than in the backup: ${report.conflicts.join(", ")}. Nothing was restored.`,
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
  unchanged: 0,
  skipped: { exists: 0, erased: 0, held: 0, busy: 0 },
  turns: 0,
  conflicts: [],
});

/** @throws ApiError `backup_running` */
export function checkComplete({ backup_id, status }: CountedBackup): void {
  if (status === "complete") return;
  throw new ApiError("backup_running", `The backup ${backup_id} is not complete yet.`, {
    retry_after_ms: 1_000,
  });
}

/**
 * Every record of a part.
 *
 * @throws ApiError `archive_corrupt` unless every byte is as it was written, and every record complete
 */
export function readPart(
  { store, keyring }: Pick<BackupParts, "store" | "keyring">,
  part: Pick<SegmentRow, "object_key" | "members" | "sessions" | "turns">,
): Promise<SessionRecord[]> {
  const members = parseMembers(part.members);
  return store.read(part.object_key, (bytes) => {
    if (sha256(bytes) !== sha256Of(part.object_key)) throw corrupt("a checksum is wrong");
    const reader = new RecordReader(null);
    const records = members.flatMap((member: Member) => {
      const stored = bytes.subarray(member[0], member[0] + member[1]);
      const text = readMember(stored, member, (each) => keyring.open(each));
      return reader.readAll(text).map(({ record }) => record);
    });
    reader.end();
    const turns = records.reduce((sum, record) => sum + record.turns.length, 0);
    if (records.length !== part.sessions || turns !== part.turns)
      throw corrupt("it holds other sessions than it says");
    return records;
  });
}

async function applyRecords(
  parts: RestoreParts,
  records: readonly SessionRecord[],
  options: RestoreOptions,
  report: RestoreReport,
  onlyCheck: boolean,
): Promise<void> {
  for (let from = 0; from < records.length; from += BATCH_SESSIONS) {
    const batch = records.slice(from, from + BATCH_SESSIONS);
    const same = new Set<string>();
    for (const record of batch) if (await isSame(parts, record)) same.add(record.session_id);
    if (!onlyCheck && options.on_conflict === "replace") await unindex(parts, batch, same);
    parts.db.transaction(() => {
      for (const record of batch) {
        const done = restoreOne(parts, record, options.on_conflict, same, onlyCheck);
        count(report, record, done);
      }
    });
    await scheduler.wait(0);
  }
}

/** What is to be replaced leaves the search index first, which for an archived session takes its archive. */
async function unindex(
  { db, archivist }: RestoreParts,
  batch: readonly SessionRecord[],
  same: ReadonlySet<string>,
): Promise<void> {
  const archived = batch
    .filter(({ session_id }) => !same.has(session_id))
    .map(({ session_id }) => findSession(db, session_id))
    .filter((session) => session !== null && session.segment !== null);
  await archivist.unindex(archived as SessionRow[]);
}

type Done = "restored" | "replaced" | "unchanged" | keyof RestoreReport["skipped"];

function count(report: RestoreReport, { session_id, turns }: SessionRecord, done: Done): void {
  if (done === "exists" || done === "erased" || done === "held" || done === "busy")
    report.skipped[done] += 1;
  else report[done] += 1;
  if (done === "restored" || done === "replaced") report.turns += turns.length;
  if ((done === "exists" || done === "replaced") && report.conflicts.length < NAMED)
    report.conflicts.push(session_id);
}

/** In a transaction. */
function restoreOne(
  parts: RestoreParts,
  record: SessionRecord,
  onConflict: OnConflict,
  same: ReadonlySet<string>,
  onlyCheck: boolean,
): Done {
  const { db, ledger } = parts;
  const { session_id } = record;
  if (erasedAt(db, session_id) !== null) return "erased";
  const session = findSession(db, session_id);
  if (!session) {
    // Its first turn is on its way.
    if (ledger.isBusy(session_id)) return "busy";
    if (!onlyCheck) insertRecord(parts, record);
    return "restored";
  }
  if (same.has(session_id)) return "unchanged";
  if (onConflict !== "replace") return "exists";
  if (isHeld(db) || (session.flags & HELD) !== 0) return "held";
  if (ledger.isBusy(session_id)) return "busy";
  if (!onlyCheck) replace(parts, session, record);
  return "replaced";
}

/** In a transaction: the session is what the backup has, and keeps its key. */
function replace(parts: RestoreParts, session: SessionRow, record: SessionRecord): void {
  const { db, turns, counters, ledger } = parts;
  counters.changing();
  if (session.segment === null) {
    const held = turns.count(session.key);
    counters.sessionRemoved(session);
    counters.turnsChanged(-held.turns, -held.messages);
  } else {
    leaveCopy(db, session.key, session.segment);
    counters.archivesChanged(-1, 0);
  }
  dropSession(db, session);
  ledger.drop(session.session_id);
  insertRecord(parts, { ...record, key: session.key });
}

/** Whether the session is there, live or archived, with the same content. */
async function isSame(parts: RestoreParts, record: SessionRecord): Promise<boolean> {
  const { db, turns, archivist } = parts;
  const session = findSession(db, record.session_id);
  if (!session) return false;
  const current = session.segment === null ? liveRecord() : await archived(session);
  return current !== null && contentOf(current) === contentOf(underKey(record, session.key));

  function liveRecord(): SessionRecord | null {
    const { key } = session as SessionRow;
    const [snapshot] = snapshots(db, [key]);
    if (!snapshot || turns.count(key).turns !== record.turns.length) return null;
    return {
      ...recordHead(snapshot, statesOf(db, [key]).get(key)),
      turns: turns
        .list(key, { order: "asc", limit: -1 })
        .map((turn) => settledView(turn, Date.now())),
    };
  }

  async function archived(row: SessionRow): Promise<SessionRecord | null> {
    return row.turns === record.turns.length ? archivist.read(row) : null;
  }
}

/** When it was last accessed, and what an operator set, is not what makes it another session. */
function contentOf({
  accessed_at: _at,
  pinned: _pinned,
  hold: _hold,
  // The turns have their hashes.
  frames: _frames,
  ...record
}: SessionRecord) {
  return JSON.stringify(record, (_name, value: unknown) =>
    isObject(value) ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)) : value,
  );
}
