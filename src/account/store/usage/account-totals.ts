import { readValue } from "../account/account-values.ts";
import type { Counters } from "./counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { DAY_MS } from "../../../shared/time.ts";
import { LAST_ACCESS } from "../sessions/sessions.ts";
import { sessionSlices } from "../sessions/session-slices.ts";
import { HELD } from "../sessions/session-flags.ts";

/** Totals of an account, in rows and in archives. */
export interface AccountTotals {
  sessions: number;
  archived_sessions: number;
  turns: number;
}

/** Values out of bounds that the account held, and that were brought inside. */
export interface AccountRepairs {
  turns: number;
  /** The first archived sessions that can be read again. */
  session_ids: string[];
  /** Objects in R2 that cannot be read. */
  unreadable: string[];
  complete: boolean;
}

/** Other calls run between its slices. */
export async function accountTotals(db: Database, counters: Counters): Promise<AccountTotals> {
  let archivedTurns = 0;
  for await (const { from, to } of sessionSlices(db))
    archivedTurns +=
      db.scalar<number>(
        "select sum(turns) from sessions where key >= ? and key < ? and segment is not null",
        from,
        to,
      ) ?? 0;
  await counters.load();
  const { sessions, archived, turns } = counters.read();
  return { sessions, archived_sessions: archived, turns: turns + archivedTurns };
}

/** Null where there was nothing to look through. */
export function repairsOf(db: Database): AccountRepairs | null {
  const progress = readValue(db, "repair");
  if (progress === null) return null;
  const { turns, sessions: session_ids, unreadable, turns_after, segments_after } = progress;
  return {
    turns,
    session_ids,
    unreadable,
    complete: turns_after === null && segments_after === null,
  };
}

export function heldSessions(db: Database): number {
  return db.scalar<number>(`select count(*) from sessions where flags & ${HELD} <> 0`) ?? 0;
}

/**
 * When the account was last accessed, in ms since the epoch; null when it has no session. Only of sessions of the last day the
 * turns are looked at. Other calls run between its slices.
 */
export async function lastActiveAt(db: Database): Promise<number | null> {
  let last: number | null = null;
  let lastDay: number | null = null;
  for await (const { from, to } of sessionSlices(db)) {
    const within = "s.key >= ? and s.key < ?";
    const day = db.scalar<number>(
      `select max(s.accessed_at) / ${DAY_MS} from sessions s where ${within}`,
      from,
      to,
    );
    if (day === null || (lastDay !== null && day < lastDay)) continue;
    const newest = db.scalar<number>(
      `select max(${LAST_ACCESS}) from sessions s where ${within} and s.accessed_at >= ?`,
      from,
      to,
      day * DAY_MS,
    );
    last = day === lastDay ? Math.max(last ?? 0, newest ?? 0) : newest;
    lastDay = day;
  }
  return last;
}
