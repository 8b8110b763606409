import { readValue } from "../account/account-values.ts";
import type { Counters } from "./counters.ts";
import type { Database } from "../../../sqlite/database.ts";
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

export function accountTotals(db: Database, counters: Counters): AccountTotals {
  const { sessions, archived, turns } = counters.read();
  const archivedTurns = db.scalar<number>(
    "select coalesce(sum(turns), 0) from sessions where segment is not null",
  );
  return { sessions, archived_sessions: archived, turns: turns + (archivedTurns ?? 0) };
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

/** When the account was last accessed, in ms since the epoch; null when it has no session. */
export function lastActiveAt(db: Database): number | null {
  return db.scalar<number>(
    `select max(max(s.accessed_at, coalesce((select created_at from turns
       where id > s.key * 1048576 and id < (s.key + 1) * 1048576 order by id desc limit 1), 0)))
     from sessions s where s.accessed_at / 86400000 = (select max(accessed_at) / 86400000 from sessions)`,
  );
}
