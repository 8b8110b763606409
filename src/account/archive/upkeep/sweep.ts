import { letOthersRun } from "../../../shared/let-others-run.ts";
import { isHeld, writeValue } from "../../store/account/account-values.ts";
import { noteSize } from "../../store/usage/daily-sizes.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { journalThrough, overQuotaCutoff } from "../../store/retention/over-rows.ts";
import { countDueSessions, hasJournal } from "../../store/retention/retention.ts";
import { overBytesCutoff, overBytesDay, shareThatStays } from "../../store/retention/over-bytes.ts";
import type { Due } from "../../store/retention/retention.ts";
import { explainDue } from "../../store/retention/due-reasons.ts";
import type { DuePart, DueReason, DueSession } from "../../store/retention/due-reasons.ts";
import { dropStalePieces } from "../../store/turns/stream-pieces.ts";
import type { Retention } from "../../store/retention/retention-policy.ts";
import { DAY_MS } from "../../../shared/time.ts";
import type { Archivist, BatchResult } from "../sessions/archivist.ts";

/** Sessions that a dry run looks at before others get their turn at the event loop. */
export const PART_SESSIONS = 500;
/** How many ids a dry run names. */
export const FIRST_IDS = 20;

export interface SweepRequest {
  /** The moment by which age is told: a cron's scheduled time. */
  now: number;
  /** Overrules the account's retention. */
  older_than_ms: number | null;
  /** Where the last batch ended; 0 for the first. */
  after: number;
  /** Totals of the batches before this one. */
  so_far: { deleted: number; errors: number; bytes: number };
}

export interface SweepResult extends BatchResult {
  /** Sessions that are still due, after the last batch. */
  remaining: number;
  /** What SQLite holds after the batch. */
  storage_bytes: number;
}

export interface DueReport {
  sessions: number;
  bytes: number;
  first_ids: string[];
  /** The same sessions, each with the reason for which it is due. */
  first: DueSession[];
  /** How many are due for each reason. */
  reasons: Partial<Record<DueReason, number>>;
  /** The whole account is under legal hold, so nothing is due. */
  is_held: boolean;
  /** Null: sessions are not archived for being idle. */
  retention_days: number | null;
}

export interface SweepParts {
  db: Database;
  counters: Counters;
  archivist: Archivist;
  /** Tells the directory what is left. */
  outbox: { idleChanged: () => void };
  retention: () => Retention;
}

/**
 * Other calls run while it reads what decides.
 *
 * @param olderThanMs - overrules every retention
 */
export async function dueAt(
  { db, counters, retention }: Pick<SweepParts, "db" | "counters" | "retention">,
  now: number,
  olderThanMs: number | null = null,
): Promise<Due> {
  const own = retention();
  if (olderThanMs === null) {
    const crowded_before = await overQuotaCutoff(db, counters, own.rows);
    const journal_through = hasJournal(db)
      ? await journalThrough(db, own.journal_rows, shareThatStays(db, own.live_bytes))
      : null;
    if (shareThatStays(db, own.live_bytes) < 1) {
      await counters.load();
      await counters.load(overBytesDay(db, counters, own.live_bytes));
    }
    const full_before = overBytesCutoff(db, counters, own.live_bytes, now);
    return { now, retention: own, crowded_before, full_before, journal_through };
  }
  const idle_days = olderThanMs / DAY_MS;
  return {
    now,
    retention: { ...own, idle_days, age_days: null, rows: null, rules: [] },
    crowded_before: null,
    full_before: null,
    journal_through: null,
  };
}

/** One batch of a retention pass: archives what is due, deletes it, and says where the next batch begins. */
export async function sweep(
  parts: SweepParts,
  { now, older_than_ms, after, so_far }: SweepRequest,
): Promise<SweepResult> {
  const { db, counters, archivist, outbox } = parts;
  const due = await dueAt(parts, now, older_than_ms);
  const batch = isHeld(db) ? NOTHING : await archivist.archiveDue(due, after);
  if (batch.cursor !== null) return { ...batch, remaining: 0, storage_bytes: db.sizeBytes };
  // A rollback meanwhile has forgotten the counts.
  await counters.load();
  db.transaction(() => {
    dropStalePieces(db);
    noteSize(db, counters, now);
    counters.save();
    outbox.idleChanged();
    writeValue(db, "last_purge", {
      at: now,
      deleted: so_far.deleted + batch.archived,
      errors: so_far.errors + batch.errors,
      bytes: so_far.bytes + batch.bytes,
    });
  });
  const remaining = await countDue(parts, await dueAt(parts, now, older_than_ms));
  return { ...batch, remaining, storage_bytes: db.sizeBytes };
}

const NOTHING: BatchResult = { archived: 0, errors: 0, bytes: 0, cursor: null };

/**
 * Counts what a sweep would archive and delete, and changes nothing. Other calls run between the parts of
 * {@link PART_SESSIONS}.
 */
export async function reportDue(
  parts: SweepParts,
  now: number,
  olderThanMs: number | null,
): Promise<DueReport> {
  const { db, retention } = parts;
  const report: DueReport = {
    sessions: 0,
    bytes: 0,
    first_ids: [],
    first: [],
    reasons: {},
    is_held: isHeld(db),
    retention_days: retention().idle_days,
  };
  if (report.is_held) return report;
  const due = await dueAt(parts, now, olderThanMs);
  for (let after = 0; ; await letOthersRun()) {
    const ids = FIRST_IDS - report.first.length;
    const next = explainDue(db, due, { after, limit: PART_SESSIONS, ids });
    if (next === null) break;
    after = next.through;
    addPart(report, next.part);
  }
  report.first_ids = report.first.map(({ session_id }) => session_id);
  return report;
}

function addPart(report: DueReport, { first, counts, bytes }: DuePart): void {
  report.first.push(...first);
  report.bytes += bytes;
  for (const [reason, sessions] of Object.entries(counts) as [DueReason, number][]) {
    report.reasons[reason] = (report.reasons[reason] ?? 0) + sessions;
    report.sessions += sessions;
  }
}

/** While the whole account is under legal hold, nothing of it is due. */
export async function countDue(
  { db, counters }: Pick<SweepParts, "db" | "counters">,
  due: Due,
): Promise<number> {
  return isHeld(db) ? 0 : countDueSessions(db, counters, due);
}
