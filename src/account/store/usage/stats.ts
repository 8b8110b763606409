import { DAY_MS, dayOf } from "../../../shared/time.ts";
import { readValue } from "../account/account-values.ts";
import type { AccountValues } from "../account/account-values.ts";
import type { Counters } from "./counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { QuotaReport, Quotas } from "./quotas.ts";

/** Days that the histogram of last accesses goes back, today included. */
const HISTOGRAM_DAYS = 30;

/** Totals of an account, exact at the time of the request; times are ms since the epoch. */
export interface Stats {
  conversations: number;
  messages: number;
  turns: number;
  storage_bytes: number;
  oldest_at: number | null;
  newest_at: number | null;
  /** Live sessions by the day of their last access, newest day first. */
  last_accessed: { day: number; conversations: number }[];
  /** Live sessions last accessed before the histogram's first day. */
  last_accessed_earlier: number;
  archived: number;
  archived_bytes: number;
  due_for_purge: number;
  quotas: QuotaReport;
  last_purge: AccountValues["last_purge"] | null;
}

/** @param due - how many sessions a sweep would take now */
export function readStats(
  { db, counters, quotas }: { db: Database; counters: Counters; quotas: Quotas },
  due: number,
  now: number,
): Stats {
  const counts = counters.read();
  const today = dayOf(now);
  const days = Array.from({ length: HISTOGRAM_DAYS }, (_, ago) => ({
    day: (today - ago) * DAY_MS,
    conversations: counts.accessed_by_day[today - ago] ?? 0,
  }));
  const earlier = Object.entries(counts.accessed_by_day)
    .filter(([day]) => Number(day) <= today - HISTOGRAM_DAYS)
    .reduce((sum, [, count]) => sum + count, 0);
  quotas.save(now);
  return {
    conversations: counts.sessions,
    messages: counts.messages,
    turns: counts.turns,
    storage_bytes: db.sizeBytes,
    ...counters.bounds(),
    last_accessed: days,
    last_accessed_earlier: earlier,
    archived: counts.archived,
    archived_bytes: counts.archived_bytes,
    due_for_purge: due,
    quotas: quotas.report(now),
    last_purge: readValue(db, "last_purge"),
  };
}
