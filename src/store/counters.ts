import { DAY_MS, dayOf } from "../time.ts";
import { deleteValue, readValue, writeValue } from "./account.ts";
import type { Database } from "./database.ts";
import { EXEMPT, LAST_ACCESS } from "./sessions.ts";
import { MESSAGE_COUNT } from "./turns.ts";

/** How many live sessions were last accessed on each UTC day, by days since the epoch. */
export type DayCounts = Record<number, number>;

export interface Counts {
  sessions: number;
  turns: number;
  messages: number;
  archived: number;
  archived_bytes: number;
  accessed_by_day: DayCounts;
  /** Those of them that are pinned or held. */
  exempt_by_day: DayCounts;
  /** When the oldest and the newest live session were created; null when unknown or when there is none. */
  bounds: { oldest_at: number; newest_at: number } | null;
}

/** What counting needs to know of a live session. */
export interface Counted {
  created_at: number;
  accessed_at: number;
  flags: number;
}

/**
 * Exact counts of the account, kept in memory from the first time that somebody asks. Stored now and then, and
 * unstored by the first change after, so that no turn writes a row for counting; an object that wakes without stored
 * counts recounts once, when asked. Changes are told after their transaction, {@link Counters.changing} inside it.
 */
export class Counters {
  readonly #db: Database;
  #counts: Counts | null;
  /** Whether storage holds counts, which the next change makes wrong. */
  #stored: boolean;
  /** The exact last accesses on one day, for telling how many of its sessions are due. */
  #boundary: { day: number; times: number[] } | null = null;

  constructor(db: Database) {
    this.#db = db;
    this.#counts = readValue(db, "counters");
    this.#stored = this.#counts !== null;
    db.onRollback(() => this.forget());
  }

  read(): Counts {
    const counts = (this.#counts ??= recount(this.#db));
    if (counts.bounds === null && counts.sessions > 0) counts.bounds = findBounds(this.#db);
    return counts;
  }

  /** How many live sessions were last accessed before `cutoff` and are neither pinned nor held. */
  due(cutoff: number): number {
    const { accessed_by_day, exempt_by_day } = this.read();
    const day = dayOf(cutoff);
    if (this.#boundary?.day !== day) this.#boundary = { day, times: accessTimesOn(this.#db, day) };
    const earlier = (days: DayCounts) =>
      Object.entries(days).reduce((sum, [on, count]) => (Number(on) < day ? sum + count : sum), 0);
    return (
      earlier(accessed_by_day) -
      earlier(exempt_by_day) +
      this.#boundary.times.filter((at) => at < cutoff).length
    );
  }

  /** Writes the counts down, so that the next wake need not recount. */
  save(): void {
    if (this.#stored) return;
    writeValue(this.#db, "counters", this.read());
    this.#stored = true;
  }

  /** To be called in every transaction that changes what is counted. */
  changing(): void {
    if (!this.#stored) return;
    deleteValue(this.#db, "counters");
    this.#stored = false;
  }

  /** Counts anew when next asked. */
  forget(): void {
    this.#counts = null;
    this.#boundary = null;
    this.#stored = readValue(this.#db, "counters") !== null;
  }

  turnsChanged(turns: number, messages: number): void {
    if (!this.#counts) return;
    this.#counts.turns += turns;
    this.#counts.messages += messages;
  }

  archivesChanged(archived: number, bytes: number): void {
    if (!this.#counts) return;
    this.#counts.archived += archived;
    this.#counts.archived_bytes += bytes;
  }

  sessionAdded(session: Counted): void {
    if (!this.#counts) return;
    this.#counts.sessions += 1;
    this.#move(session, 1);
    const { bounds } = this.#counts;
    if (!bounds) return;
    bounds.oldest_at = Math.min(bounds.oldest_at, session.created_at);
    bounds.newest_at = Math.max(bounds.newest_at, session.created_at);
  }

  sessionRemoved(session: Counted): void {
    if (!this.#counts) return;
    this.#counts.sessions -= 1;
    this.#move(session, -1);
    const { bounds } = this.#counts;
    const edge =
      session.created_at === bounds?.oldest_at || session.created_at === bounds?.newest_at;
    if (edge) this.#counts.bounds = null;
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
    if (!this.#counts) return;
    const day = dayOf(accessed_at);
    if (this.#boundary?.day === day) this.#boundary = null;
    const maps = [this.#counts.accessed_by_day];
    if ((flags & EXEMPT) !== 0) maps.push(this.#counts.exempt_by_day);
    for (const days of maps) {
      days[day] = (days[day] ?? 0) + by;
      if (days[day] === 0) delete days[day];
    }
  }
}

function recount(db: Database): Counts {
  const total = db.one<{ turns: number; messages: number }>(
    `select count(*) as turns, coalesce(sum(${MESSAGE_COUNT}), 0) as messages from turns`,
  );
  const days = db.all<{ day: number; sessions: number; exempt: number }>(
    `select accessed_at / ${DAY_MS} as day, count(*) as sessions, sum(flags & ${EXEMPT} <> 0) as exempt
     from sessions where segment is null group by 1`,
  );
  const archived = db.one<{ archived: number }>(
    "select count(*) as archived from sessions where segment is not null",
  );
  return {
    sessions: days.reduce((sum, { sessions }) => sum + sessions, 0),
    turns: total?.turns ?? 0,
    messages: total?.messages ?? 0,
    archived: archived?.archived ?? 0,
    archived_bytes: db.scalar<number>("select coalesce(sum(bytes), 0) from segments") ?? 0,
    accessed_by_day: Object.fromEntries(days.map(({ day, sessions }) => [day, sessions])),
    exempt_by_day: Object.fromEntries(
      days.filter(({ exempt }) => exempt > 0).map(({ day, exempt }) => [day, exempt]),
    ),
    bounds: null,
  };
}

const findBounds = (db: Database): Counts["bounds"] =>
  db.one<{ oldest_at: number; newest_at: number }>(
    "select min(created_at) as oldest_at, max(created_at) as newest_at from sessions where segment is null",
  );

function accessTimesOn(db: Database, day: number): number[] {
  const rows = db.all<{ at: number }>(
    `select ${LAST_ACCESS} as at from sessions s where segment is null and flags & ${EXEMPT} = 0
     and accessed_at >= ? and accessed_at < ?`,
    day * DAY_MS,
    (day + 1) * DAY_MS,
  );
  return rows.map(({ at }) => at);
}
