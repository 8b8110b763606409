import { DAY_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import { EXEMPT } from "../sessions/session-flags.ts";
import { LAST_ACCESS } from "../sessions/sessions.ts";

/** Sessions that are looked at before other calls run. */
const SLICE_SESSIONS = 5_000;

/** Those of some sessions. @returns the key at which the next ones begin; null after the last */
export function accessTimesFrom(
  db: Database,
  day: number,
  from: number,
): { times: number[]; next: number | null } {
  const next = db.scalar<number>(
    "select key from sessions where key >= ? order by key limit 1 offset ?",
    from,
    SLICE_SESSIONS,
  );
  return { times: accessTimesOn(db, day, from, next), next };
}

/** Last accesses on a day, of live sessions that are neither pinned nor held, whose keys are from one to before another. */
export function accessTimesOn(
  db: Database,
  day: number,
  from = 0,
  to: number | null = null,
): number[] {
  const rows = db.all<{ at: number }>(
    `select ${LAST_ACCESS} as at from sessions s where key >= ? and key < ? and segment is null
     and flags & ${EXEMPT} = 0 and accessed_at >= ? and accessed_at < ?`,
    from,
    to ?? Number.MAX_SAFE_INTEGER,
    day * DAY_MS,
    (day + 1) * DAY_MS,
  );
  return rows.map(({ at }) => at);
}
