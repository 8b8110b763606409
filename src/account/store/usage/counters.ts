import { letOthersRun } from "../../../shared/let-others-run.ts";
import { dayOf } from "../../../shared/time.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";
import type { Database } from "../../../sqlite/database.ts";
import { EXEMPT, ownSessions } from "../sessions/session-flags.ts";
import { accessTimesFrom, accessTimesOn } from "./access-times.ts";
import { AccountCount } from "./account-count.ts";
import type { Bounds, DayCounts, SessionCounts, TurnCounts } from "./account-count.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /**
     * The saved counters; absent while they are stale. An older version saved no bounds and no turns of a day, and carries
     * those that it finds on unchanged: they hold only for the counts that they are `of`.
     */
    counters: Counts & { bounds?: Bounds; day_turns?: DayTurns; of?: string };
  }
}

/** How often the last accesses on a day are read again because sessions of that day changed meanwhile. */
const BOUNDARY_TRIES = 3;

export type Counts = SessionCounts & TurnCounts;

/** Turns that the account itself began on a day, counted since the epoch. */
export interface DayTurns {
  day: number;
  turns: number;
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
  /** As storage holds them; null where it holds none. */
  #dayTurns: DayTurns | null = null;
  /** Whether storage holds counts, which the next change makes wrong; null where that has to be read. */
  #stored: boolean | null;
  /** The exact last accesses on one day, for telling how many of its sessions are due. */
  #boundary: { day: number; times: number[] } | null = null;
  /** The same, while it is read; null once it is stale. */
  #reading: { day: number; times: number[] } | null = null;
  #loading: Promise<void> | null = null;
  /** Is told of changes while it counts. */
  #counting: AccountCount | null = null;

  constructor(db: Database) {
    this.#db = db;
    const stored = readValue(db, "counters");
    this.#stored = stored !== null;
    if (stored) {
      const { turns, messages, bounds, day_turns, of, ...sessions } = stored;
      this.#sessions = sessions;
      this.#turns = { turns, messages };
      if (of === this.#countsOf()) {
        this.#bounds = bounds ?? null;
        this.#dayTurns = day_turns ?? null;
      }
    }
    db.onRollback(() => this.forget());
    db.onChanged((_table, key) => this.#counting?.changed(key));
  }

  /**
   * Counts what is not known, in slices: other calls run in between. What reads the counters after it, without a pause, counts
   * nothing itself.
   *
   * @param day - of which the exact last accesses are needed, too; null: of none
   */
  async load(day: number | null = null): Promise<void> {
    while (!this.#sessions || !this.#turns || !this.#bounds) {
      this.#loading ??= this.#count().finally(() => {
        this.#loading = null;
      });
      await this.#loading;
    }
    if (day !== null && this.#boundary?.day !== day) await this.#loadBoundary(day);
  }

  read(): Counts {
    return { ...this.sessions(), ...(this.#turns ??= this.#countNow(true).turns()) };
  }

  sessions(): SessionCounts {
    this.#sessions ??= this.#countNow(false).sessions();
    return this.#sessions;
  }

  bounds(): Bounds {
    this.#bounds ??= this.#countNow(false).bounds();
    return this.#bounds;
  }

  /** Whether the counts tell that no session that may be due was last accessed on that day. */
  #isNoneOn(day: number): boolean {
    const { accessed_by_day, exempt_by_day } = this.sessions();
    return (accessed_by_day[day] ?? 0) === (exempt_by_day[day] ?? 0);
  }

  #countNow(withTurns: boolean): AccountCount {
    const count = new AccountCount(this.#db, { withTurns });
    while (count.step());
    return count;
  }

  async #count(): Promise<void> {
    const withTurns = this.#turns === null;
    const count = new AccountCount(this.#db, { withTurns });
    this.#counting = count;
    try {
      while (count.step()) await letOthersRun();
      this.#sessions ??= count.sessions();
      // A rollback meanwhile forgets turns that were known, and that are not in this count.
      if (withTurns) this.#turns ??= count.turns();
      this.#bounds ??= count.bounds();
    } finally {
      this.#counting = null;
    }
  }

  /** Where sessions of that day change meanwhile, too often, {@link Counters.accessTimes} reads them all at once. */
  async #loadBoundary(day: number): Promise<void> {
    if (this.#isNoneOn(day)) {
      this.#boundary = { day, times: [] };
      return;
    }
    for (let tries = 0; tries < BOUNDARY_TRIES; tries += 1) {
      const reading = { day, times: [] as number[] };
      this.#reading = reading;
      for (let from: number | null = 0; from !== null;) {
        const { times, next } = accessTimesFrom(this.#db, day, from);
        reading.times.push(...times);
        from = next;
        if (next !== null) await letOthersRun();
      }
      if (this.#reading !== reading) continue;
      this.#boundary = reading;
      this.#reading = null;
      return;
    }
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

  /**
   * The last accesses on a day, of live sessions that are neither pinned nor held. Costs a scan of the sessions, where some
   * were accessed on that day.
   */
  accessTimes(day: number): readonly number[] {
    if (this.#boundary?.day !== day)
      this.#boundary = { day, times: this.#isNoneOn(day) ? [] : accessTimesOn(this.#db, day) };
    return this.#boundary.times;
  }

  /** How many turns the account itself began on a day, as storage holds it; null where it does not. */
  get dayTurns(): DayTurns | null {
    return this.#dayTurns;
  }

  /** Writes the counts down, so that the next wake need not recount. Not worth a recount itself. */
  save(dayTurns: DayTurns | null = null): void {
    if (!this.#sessions || !this.#turns) return;
    const { day, turns } = dayTurns ?? {};
    const holdsThem = day === this.#dayTurns?.day && turns === this.#dayTurns?.turns;
    if (this.#isStored() && (dayTurns === null || holdsThem)) return;
    writeValue(this.#db, "counters", {
      ...this.read(),
      ...(this.#bounds && { bounds: this.#bounds }),
      ...(dayTurns && { day_turns: dayTurns }),
      of: this.#countsOf(),
    });
    this.#dayTurns = dayTurns;
    this.#stored = true;
  }

  /** The counts, in a word: a new session has a higher key, and one that goes is counted no more. */
  #countsOf(): string {
    const { sessions, turns, messages } = this.read();
    const last = this.#db.scalar<number>("select max(key) from sessions");
    return [last ?? 0, sessions, turns, messages].join(" ");
  }

  /** To be called in every transaction that changes what is counted. */
  changing(): void {
    if (!this.#isStored()) return;
    deleteValue(this.#db, "counters");
    this.#dayTurns = null;
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
    this.#dayTurns = null;
    this.#boundary = null;
    this.#reading = null;
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
    this.#dropBoundary(dayOf(at));
  }

  #dropBoundary(day: number): void {
    if (this.#boundary?.day === day) this.#boundary = null;
    if (this.#reading?.day === day) this.#reading = null;
  }

  #move({ accessed_at, flags }: Counted, by: 1 | -1): void {
    const day = dayOf(accessed_at);
    this.#dropBoundary(day);
    if (!this.#sessions) return;
    const maps = [this.#sessions.accessed_by_day];
    if ((flags & EXEMPT) !== 0) maps.push(this.#sessions.exempt_by_day);
    for (const days of maps) {
      days[day] = (days[day] ?? 0) + by;
      if (days[day] === 0) delete days[day];
    }
  }
}
