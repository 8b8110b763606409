import { DAY_MS, dayOf } from "../../../shared/time.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";
import type { Database } from "../../../sqlite/database.ts";
import { LAST_ACCESS } from "../sessions/sessions.ts";
import { EXEMPT, JOURNAL, ownSessions } from "../sessions/session-flags.ts";
import { MESSAGE_COUNT } from "../turns/turns.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** The saved counters; absent while they are stale. */
    counters: Counts;
  }
}

/** How many live sessions were last accessed on each UTC day, by days since the epoch. */
export type DayCounts = Record<number, number>;

/** Counts from a scan of the sessions: sweeps need no turns read. */
export interface SessionCounts {
  sessions: number;
  archived: number;
  archived_bytes: number;
  accessed_by_day: DayCounts;
  /** Those of them that are pinned or held. */
  exempt_by_day: DayCounts;
}

export interface TurnCounts {
  turns: number;
  messages: number;
}

export type Counts = SessionCounts & TurnCounts;

/** When the oldest and the newest live session were created; both null when there is none. */
export interface Bounds {
  oldest_at: number | null;
  newest_at: number | null;
}

/** Columns of a live session that counting needs. */
export interface Counted {
  created_at: number;
  accessed_at: number;
  flags: number;
}

/**
 * Exact counts of the account, in memory from the first read on. They are stored at times, and the next change deletes
 * the stored row, so that no turn writes a row for counting. An object that wakes without stored counts recounts once,
 * at the first read. Report changes after their transaction, and call {@link Counters.changing} inside it.
 */
export class Counters {
  readonly #db: Database;
  #sessions: SessionCounts | null = null;
  #turns: TurnCounts | null = null;
  #bounds: Bounds | null = null;
  /** Whether storage holds counts, which the next change makes wrong; null where that has to be read. */
  #stored: boolean | null;
  /** The exact last accesses on one day, for telling how many of its sessions are due. */
  #boundary: { day: number; times: number[] } | null = null;

  constructor(db: Database) {
    this.#db = db;
    const stored = readValue(db, "counters");
    this.#stored = stored !== null;
    if (stored) {
      const { turns, messages, ...sessions } = stored;
      this.#sessions = sessions;
      this.#turns = { turns, messages };
    }
    db.onRollback(() => this.forget());
  }

  read(): Counts {
    this.#turns ??= countTurns(this.#db);
    return { ...this.sessions(), ...this.#turns };
  }

  sessions(): SessionCounts {
    this.#sessions ??= countSessions(this.#db);
    return this.#sessions;
  }

  bounds(): Bounds {
    this.#bounds ??= findBounds(this.#db);
    return this.#bounds;
  }

  /** How many live sessions were last accessed before `cutoff` and are neither pinned nor held. */
  due(cutoff: number): number {
    const { accessed_by_day, exempt_by_day } = this.sessions();
    const day = dayOf(cutoff);
    const earlier = (days: DayCounts) =>
      Object.entries(days).reduce((sum, [on, count]) => (Number(on) < day ? sum + count : sum), 0);
    return (
      earlier(accessed_by_day) -
      earlier(exempt_by_day) +
      this.accessTimes(day).filter((at) => at < cutoff).length
    );
  }

  /** The last accesses on a day, of live sessions that are neither pinned nor held. Costs a scan of the sessions. */
  accessTimes(day: number): readonly number[] {
    if (this.#boundary?.day !== day) this.#boundary = { day, times: accessTimesOn(this.#db, day) };
    return this.#boundary.times;
  }

  /** Writes the counts down, so that the next wake need not recount. Not worth a recount itself. */
  save(): void {
    if (this.#isStored() || !this.#sessions || !this.#turns) return;
    writeValue(this.#db, "counters", this.read());
    this.#stored = true;
  }

  /** To be called in every transaction that changes what is counted. */
  changing(): void {
    if (!this.#isStored()) return;
    deleteValue(this.#db, "counters");
    this.#stored = false;
  }

  #isStored(): boolean {
    this.#stored ??= readValue(this.#db, "counters") !== null;
    return this.#stored;
  }

  /** Recounts at the next read. */
  forget(): void {
    this.#sessions = null;
    this.#turns = null;
    this.#bounds = null;
    this.#boundary = null;
    this.#stored = null;
  }

  turnsChanged(turns: number, messages: number): void {
    if (!this.#turns) return;
    this.#turns.turns += turns;
    this.#turns.messages += messages;
  }

  archivesChanged(archived: number, bytes: number): void {
    if (!this.#sessions) return;
    this.#sessions.archived += archived;
    this.#sessions.archived_bytes += bytes;
  }

  sessionAdded(session: Counted): void {
    if (ownSessions([session]).length === 0) return;
    this.#move(session, 1);
    if (this.#sessions) this.#sessions.sessions += 1;
    if (!this.#bounds) return;
    const { oldest_at, newest_at } = this.#bounds;
    this.#bounds = {
      oldest_at: Math.min(oldest_at ?? session.created_at, session.created_at),
      newest_at: Math.max(newest_at ?? session.created_at, session.created_at),
    };
  }

  sessionRemoved(session: Counted): void {
    if (ownSessions([session]).length === 0) return;
    this.#move(session, -1);
    if (this.#sessions) this.#sessions.sessions -= 1;
    const { oldest_at, newest_at } = this.#bounds ?? {};
    if (session.created_at === oldest_at || session.created_at === newest_at) this.#bounds = null;
  }

  /** A session was accessed on another day, pinned, or the like. */
  sessionChanged(before: Counted, after: Counted): void {
    this.#move(before, -1);
    this.#move(after, 1);
  }

  /** A turn leaves the day of its session's last access as it is, but not the time. */
  accessed(at: number): void {
    if (this.#boundary?.day === dayOf(at)) this.#boundary = null;
  }

  #move({ accessed_at, flags }: Counted, by: 1 | -1): void {
    const day = dayOf(accessed_at);
    if (this.#boundary?.day === day) this.#boundary = null;
    if (!this.#sessions) return;
    const maps = [this.#sessions.accessed_by_day];
    if ((flags & EXEMPT) !== 0) maps.push(this.#sessions.exempt_by_day);
    for (const days of maps) {
      days[day] = (days[day] ?? 0) + by;
      if (days[day] === 0) delete days[day];
    }
  }
}

function countTurns(db: Database): TurnCounts {
  const counted = db.one<{ turns: number; messages: number }>(
    `select count(*) as turns, coalesce(sum(${MESSAGE_COUNT}), 0) as messages from turns`,
  );
  return counted ?? { turns: 0, messages: 0 };
}

function countSessions(db: Database): SessionCounts {
  const days = db.all<{ day: number; sessions: number; exempt: number }>(
    `select accessed_at / ${DAY_MS} as day, count(*) as sessions, sum(flags & ${EXEMPT} <> 0) as exempt
     from sessions where segment is null and flags & ${JOURNAL} = 0 group by 1`,
  );
  return {
    sessions: days.reduce((sum, { sessions }) => sum + sessions, 0),
    archived:
      db.scalar<number>(
        `select count(*) from sessions where segment is not null and flags & ${JOURNAL} = 0`,
      ) ?? 0,
    archived_bytes:
      db.scalar<number>("select coalesce(sum(bytes), 0) from segments where backup_id is null") ??
      0,
    accessed_by_day: Object.fromEntries(days.map(({ day, sessions }) => [day, sessions])),
    exempt_by_day: Object.fromEntries(
      days.filter(({ exempt }) => exempt > 0).map(({ day, exempt }) => [day, exempt]),
    ),
  };
}

function findBounds(db: Database): Bounds {
  const found = db.one<{ oldest_at: number | null; newest_at: number | null }>(
    `select min(created_at) as oldest_at, max(created_at) as newest_at from sessions where segment is null and flags & ${JOURNAL} = 0`,
  );
  return found ?? { oldest_at: null, newest_at: null };
}

function accessTimesOn(db: Database, day: number): number[] {
  const rows = db.all<{ at: number }>(
    `select ${LAST_ACCESS} as at from sessions s where segment is null and flags & ${EXEMPT} = 0
     and accessed_at >= ? and accessed_at < ?`,
    day * DAY_MS,
    (day + 1) * DAY_MS,
  );
  return rows.map(({ at }) => at);
}
