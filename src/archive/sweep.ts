import { isHeld, writeValue } from "../store/account.ts";
import type { Counters } from "../store/counters.ts";
import type { Database } from "../store/database.ts";
import { dropExpiredKeys } from "../store/idempotency.ts";
import { countDueSessions, dueBytes, dueSessions } from "../store/retention.ts";
import type { Cutoffs } from "../store/retention.ts";
import { DAY_MS } from "../time.ts";
import type { Archivist, BatchResult } from "./archivist.ts";

/** How many ids a dry run names. */
const FIRST_IDS = 20;

export interface SweepRequest {
  /** The moment by which age is told: a cron's scheduled time. */
  now: number;
  /** Overrules the account's retention. */
  older_than_ms: number | null;
  /** Where the last batch ended; 0 for the first. */
  after: number;
  /** What the batches before this one did. */
  so_far: { deleted: number; errors: number; bytes: number };
}

export interface Swept extends BatchResult {
  /** Sessions that are still due, after the last batch. */
  remaining: number;
}

export interface DueReport {
  sessions: number;
  bytes: number;
  first_ids: string[];
  retention_days: number;
}

export interface SweepParts {
  db: Database;
  counters: Counters;
  archivist: Archivist;
  /** Tells the directory what is left. */
  outbox: { idleChanged: () => void };
  retention: () => Retention;
}

/** Days without a turn after which sessions are archived. */
export interface Retention {
  days: number;
  /** By assistant, where it is not the account's. */
  assistants: Record<string, number>;
}

/** @param olderThanMs - overrules every retention */
export function cutoffsAt(
  now: number,
  { days, assistants }: Retention,
  olderThanMs: number | null = null,
): Cutoffs {
  if (olderThanMs !== null) return { account: now - olderThanMs, assistants: {} };
  const own = Object.entries(assistants).map(([name, each]) => [name, now - each * DAY_MS]);
  return {
    account: now - days * DAY_MS,
    assistants: Object.fromEntries(own) as Record<string, number>,
  };
}

/** One batch of a retention pass: archives what is due, deletes it, and says where the next batch begins. */
export async function sweep(
  { db, counters, archivist, outbox, retention }: SweepParts,
  { now, older_than_ms, after, so_far }: SweepRequest,
): Promise<Swept> {
  const cutoffs = cutoffsAt(now, retention(), older_than_ms);
  const batch = isHeld(db) ? NOTHING : await archivist.archiveDue(cutoffs, after);
  if (batch.cursor !== null) return { ...batch, remaining: 0 };
  db.transaction(() => {
    dropExpiredKeys(db, now);
    counters.save();
    outbox.idleChanged();
    writeValue(db, "last_purge", {
      at: now,
      deleted: so_far.deleted + batch.archived,
      errors: so_far.errors + batch.errors,
      bytes: so_far.bytes + batch.bytes,
    });
  });
  return { ...batch, remaining: countDue(db, counters, cutoffs) };
}

const NOTHING: BatchResult = { archived: 0, errors: 0, bytes: 0, cursor: null };

/** What a sweep would archive and delete. Changes nothing. */
export function reportDue(
  { db, counters, retention }: SweepParts,
  now: number,
  olderThanMs: number | null,
): DueReport {
  const retention_days = retention().days;
  if (isHeld(db)) return { sessions: 0, bytes: 0, first_ids: [], retention_days };
  const cutoffs = cutoffsAt(now, retention(), olderThanMs);
  const first = dueSessions(db, cutoffs, { after: 0, limit: FIRST_IDS });
  return {
    sessions: countDueSessions(db, counters, cutoffs),
    bytes: dueBytes(db, cutoffs),
    first_ids: first.map(({ session_id }) => session_id),
    retention_days,
  };
}

/** While the whole account is under legal hold, nothing of it is due. */
export const countDue = (db: Database, counters: Counters, cutoffs: Cutoffs): number =>
  isHeld(db) ? 0 : countDueSessions(db, counters, cutoffs);
