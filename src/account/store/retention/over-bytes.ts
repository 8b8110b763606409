import { DAY_MS, MINUTE_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { Counters } from "../usage/counters.ts";

/** A session that had a turn within this time stays live, in ms: its next turn would bring it back. */
const IN_USE_MS = 10 * MINUTE_MS;

/** The share of the account's live bytes that may stay; 1 while there is room. */
export function shareThatStays(db: Database, live_bytes: number | null): number {
  if (live_bytes === null) return 1;
  return Math.min(1, live_bytes / db.sizeBytes);
}

/**
 * Up to which last access sessions have to go for no more than `live_bytes` to be occupied; null when there is room. It
 * takes a session of average size for each: every batch of a sweep asks again. Whole days come from the counters. Only the
 * oldest day is read, where it has more sessions than have to go.
 */
export function overBytesCutoff(
  db: Database,
  counters: Counters,
  live_bytes: number | null,
  now: number,
): number | null {
  const over = overBytes(db, counters, live_bytes);
  if (over === null) return null;
  const { through, day, more } = over;
  const cutoff = day === null ? through : (nthAccess(counters, day, more) ?? through);
  return cutoff === null ? null : Math.min(cutoff, now - IN_USE_MS);
}

/** The day of which {@link overBytesCutoff} reads the exact last accesses; null: of none. */
export const overBytesDay = (
  db: Database,
  counters: Counters,
  live_bytes: number | null,
): number | null => overBytes(db, counters, live_bytes)?.day ?? null;

/** Sessions that have to go: those last accessed through a time, and some more of the next day. Null while there is room. */
function overBytes(
  db: Database,
  counters: Counters,
  live_bytes: number | null,
): { through: number | null; day: number | null; more: number } | null {
  const share = shareThatStays(db, live_bytes);
  if (share === 1) return null;
  const { sessions, accessed_by_day, exempt_by_day } = counters.sessions();
  const surplus = Math.ceil(sessions * (1 - share));
  if (surplus === 0) return null;
  let taken = 0;
  let through: number | null = null;
  // Integer keys of an object come in ascending order.
  for (const [name, count] of Object.entries(accessed_by_day)) {
    const day = Number(name);
    const free = count - (exempt_by_day[day] ?? 0);
    if (free === 0) continue;
    if (taken + free > surplus) return { through, day, more: surplus - taken };
    taken += free;
    through = (day + 1) * DAY_MS - 1;
  }
  return { through, day: null, more: 0 };
}

function nthAccess(counters: Counters, day: number, n: number): number | null {
  return counters.accessTimes(day).toSorted((a, b) => a - b)[n - 1] ?? null;
}
