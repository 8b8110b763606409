import { isHeld, writeValue } from "../store/account.ts";
import type { Counters } from "../store/counters.ts";
import type { Database } from "../store/database.ts";
import { dropExpiredKeys } from "../store/idempotency.ts";
import { dueBytes, dueSessions } from "../store/retention.ts";
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
  retentionDays: () => number;
}

/** One batch of a retention pass: archives what is due, deletes it, and says where the next batch begins. */
export async function sweep(
  { db, counters, archivist, outbox, retentionDays }: SweepParts,
  { now, older_than_ms, after, so_far }: SweepRequest,
): Promise<Swept> {
  const cutoff = now - (older_than_ms ?? retentionDays() * DAY_MS);
  const batch = isHeld(db) ? NOTHING : await archivist.archiveDue(cutoff, after);
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
  return { ...batch, remaining: countDue(db, counters, cutoff) };
}

const NOTHING: BatchResult = { archived: 0, errors: 0, bytes: 0, cursor: null };

/** What a sweep would archive and delete. Changes nothing. */
export function reportDue(
  { db, counters, retentionDays }: SweepParts,
  now: number,
  olderThanMs: number | null,
): DueReport {
  const retention_days = retentionDays();
  if (isHeld(db)) return { sessions: 0, bytes: 0, first_ids: [], retention_days };
  const cutoff = now - (olderThanMs ?? retention_days * DAY_MS);
  const first = dueSessions(db, cutoff, { after: 0, limit: FIRST_IDS });
  return {
    sessions: counters.due(cutoff),
    bytes: dueBytes(db, cutoff),
    first_ids: first.map(({ session_id }) => session_id),
    retention_days,
  };
}

/** While the whole account is under legal hold, nothing of it is due. */
export const countDue = (db: Database, counters: Counters, cutoff: number): number =>
  isHeld(db) ? 0 : counters.due(cutoff);
