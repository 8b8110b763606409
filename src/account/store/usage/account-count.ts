import { TURNS_PER_SESSION } from "../../../shared/ids.ts";
import { DAY_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import { EXEMPT, JOURNAL } from "../sessions/session-flags.ts";
import { MESSAGE_COUNT } from "../turns/turns.ts";

/** Turns that are counted before other calls run: some 3 ms of a core. */
const SLICE_TURNS = 4_000;
/** Sessions that are counted before other calls run. */
const SLICE_SESSIONS = 5_000;
/** Slices that changes make stale are counted again, up to so many times as there are slices. Then without a pause. */
const MAX_PASSES = 3;

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

/** When the oldest and the newest live session were created; both null when there is none. */
export interface Bounds {
  oldest_at: number | null;
  newest_at: number | null;
}

/** Keys from one to another, the last not included, and what was counted of them; null: it is stale. */
interface Slice<T> {
  from: number;
  to: number;
  counted: T | null;
}

type Sessions = Omit<SessionCounts, "archived_bytes"> & Bounds;

/**
 * Counts an account's rows in slices, while other calls change them. It has to be told of each change: what was counted of
 * that session is counted again.
 */
export class AccountCount {
  readonly #db: Database;
  readonly #withTurns: boolean;
  readonly #sessions: Slice<Sessions>[] = [];
  /** By the ids of turns. */
  readonly #turns: Slice<TurnCounts>[] = [];
  #steps = 0;

  constructor(db: Database, { withTurns }: { withTurns: boolean }) {
    this.#db = db;
    this.#withTurns = withTurns;
  }

  /** Rows of a session, or of its turns, were written. @param key - null for several sessions */
  changed(key: number | null): void {
    spoil(this.#sessions, key, key === null ? 0 : key + 1);
    const first = key === null ? null : key * TURNS_PER_SESSION;
    spoil(this.#turns, first, (first ?? 0) + TURNS_PER_SESSION);
  }

  /** Counts a slice. @returns whether there is more: only when there is not, the counts are those of one moment */
  step(): boolean {
    this.#steps += 1;
    const slices = this.#sessions.length + this.#turns.length;
    if (!this.isWhole || this.#steps <= MAX_PASSES * slices) return this.#countNext();
    while (this.#countNext());
    return false;
  }

  /** Whether each row was counted once, also where that is stale. */
  get isWhole(): boolean {
    return isWhole(this.#sessions) && (!this.#withTurns || isWhole(this.#turns));
  }

  sessions(): SessionCounts {
    const bytes = this.#db.scalar<number>(
      "select coalesce(sum(bytes), 0) from segments where backup_id is null",
    );
    const counts: SessionCounts = {
      sessions: 0,
      archived: 0,
      archived_bytes: bytes ?? 0,
      accessed_by_day: {},
      exempt_by_day: {},
    };
    for (const each of countedOf(this.#sessions)) {
      counts.sessions += each.sessions;
      counts.archived += each.archived;
      for (const name of ["accessed_by_day", "exempt_by_day"] as const)
        for (const [day, many] of Object.entries(each[name]))
          counts[name][Number(day)] = (counts[name][Number(day)] ?? 0) + many;
    }
    return counts;
  }

  bounds(): Bounds {
    const all = countedOf(this.#sessions);
    const oldest = all.flatMap(({ oldest_at }) => oldest_at ?? []);
    const newest = all.flatMap(({ newest_at }) => newest_at ?? []);
    return {
      oldest_at: oldest.length === 0 ? null : Math.min(...oldest),
      newest_at: newest.length === 0 ? null : Math.max(...newest),
    };
  }

  turns(): TurnCounts {
    const counts = { turns: 0, messages: 0 };
    for (const { turns, messages } of countedOf(this.#turns)) {
      counts.turns += turns;
      counts.messages += messages;
    }
    return counts;
  }

  /** @returns false: there is nothing to count */
  #countNext(): boolean {
    const stale = this.#sessions.find(({ counted }) => counted === null);
    if (!isWhole(this.#sessions)) this.#sessions.push(nextSessions(this.#db, this.#sessions));
    else if (this.#withTurns && !isWhole(this.#turns))
      this.#turns.push(nextTurns(this.#db, this.#turns));
    else if (stale) stale.counted = countSessions(this.#db, stale.from, stale.to);
    else {
      const staleTurns = this.#turns.find(({ counted }) => counted === null);
      if (!staleTurns) return false;
      staleTurns.counted = countTurns(this.#db, staleTurns.from, staleTurns.to);
    }
    return true;
  }
}

/** The last slice takes in what is added meanwhile. */
const isWhole = (slices: readonly Slice<unknown>[]): boolean => slices.at(-1)?.to === Infinity;

const countedOf = <T>(slices: readonly Slice<T>[]): T[] =>
  slices.flatMap(({ counted }) => counted ?? []);

function spoil(slices: readonly Slice<unknown>[], from: number | null, to: number): void {
  for (const slice of slices)
    if (from === null || (slice.from < to && slice.to > from)) slice.counted = null;
}

function nextSessions(db: Database, slices: readonly Slice<Sessions>[]): Slice<Sessions> {
  const from = slices.at(-1)?.to ?? 0;
  const beyond = db.scalar<number>(
    "select key from sessions where key >= ? order by key limit 1 offset ?",
    from,
    SLICE_SESSIONS,
  );
  const to = beyond ?? Infinity;
  return { from, to, counted: countSessions(db, from, to) };
}

function nextTurns(db: Database, slices: readonly Slice<TurnCounts>[]): Slice<TurnCounts> {
  const from = slices.at(-1)?.to ?? 0;
  const beyond = db.scalar<number>(
    "select id from turns where id >= ? order by id limit 1 offset ?",
    from,
    SLICE_TURNS,
  );
  const to = beyond ?? Infinity;
  return { from, to, counted: countTurns(db, from, to) };
}

const bounded = (to: number): number => Math.min(to, Number.MAX_SAFE_INTEGER);

function countTurns(db: Database, from: number, to: number): TurnCounts {
  const counted = db.one<{ turns: number; messages: number }>(
    `select count(*) as turns, coalesce(sum(${MESSAGE_COUNT}), 0) as messages from turns where id >= ? and id < ?`,
    from,
    bounded(to),
  );
  return counted ?? { turns: 0, messages: 0 };
}

function countSessions(db: Database, from: number, to: number): Sessions {
  const rows = db.all<{
    day: number | null;
    sessions: number;
    exempt: number;
    oldest_at: number;
    newest_at: number;
  }>(
    `select case when segment is null then accessed_at / ${DAY_MS} end as day, count(*) as sessions,
       sum(flags & ${EXEMPT} <> 0) as exempt, min(created_at) as oldest_at, max(created_at) as newest_at
     from sessions where key >= ? and key < ? and flags & ${JOURNAL} = 0 group by 1`,
    from,
    bounded(to),
  );
  const live = rows.filter(({ day }) => day !== null);
  return {
    sessions: live.reduce((sum, { sessions }) => sum + sessions, 0),
    archived: rows.find(({ day }) => day === null)?.sessions ?? 0,
    accessed_by_day: Object.fromEntries(live.map(({ day, sessions }) => [day, sessions])),
    exempt_by_day: Object.fromEntries(
      live.filter(({ exempt }) => exempt > 0).map(({ day, exempt }) => [day, exempt]),
    ),
    oldest_at: live.length === 0 ? null : Math.min(...live.map(({ oldest_at }) => oldest_at)),
    newest_at: live.length === 0 ? null : Math.max(...live.map(({ newest_at }) => newest_at)),
  };
}
