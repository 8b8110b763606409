import { ApiError } from "../../../shared/errors.ts";
import { DAY_MS, dayOf } from "../../../shared/time.ts";
import type { StorageRoom } from "./storage-room.ts";
import { readValue, writeValue } from "../account/account-values.ts";
import type { AccountValues } from "../account/account-values.ts";
import type { Counters } from "./counters.ts";
import { validJson } from "../../../sqlite/valid-json.ts";
import type { Database } from "../../../sqlite/database.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    quotas: QuotaLimits;
  }
}

/** Limits of an account; null or absent is no limit. */
export interface QuotaLimits {
  /** Turns and other calls of a model begun on one UTC day, failed and unstored ones too. */
  turns_per_day?: number | null | undefined;
  /** Size of the account's SQLite database. */
  stored_bytes?: number | null | undefined;
  /** Live sessions. */
  sessions?: number | null | undefined;
}

export type QuotaReport = Record<keyof QuotaLimits, { limit: number | null; used: number }>;

/** What SQLite has left. */
export type QuotaRoom = Pick<StorageRoom, "checkWrite" | "checkSession">;

/** The account's exact quotas. Without any, a turn reads nothing for them. */
export class Quotas {
  readonly #db: Database;
  readonly #counters: Counters;
  readonly #room: QuotaRoom;
  #limits: QuotaLimits;
  /** Turns begun on a day, as they were saved before the object woke, or counted from the rows when that was first needed. */
  #begun: Begun | null = null;

  constructor(db: Database, counters: Counters, room: QuotaRoom) {
    this.#db = db;
    this.#counters = counters;
    this.#room = room;
    this.#limits = readValue(db, "quotas") ?? {};
    // Before the first change, which makes what was saved wrong.
    this.#begun = begunAsSaved(db, counters);
  }

  /** The limits were rewritten. What was begun stays counted. */
  reload(): void {
    this.#limits = readValue(this.#db, "quotas") ?? {};
  }

  /** A turn is written that no {@link Quotas.take} of this object counted. The day is counted again when that is needed. */
  recount(): void {
    this.#begun = null;
  }

  /**
   * Counts a turn that is about to begin.
   *
   * @param newSessions - how many sessions are begun and not yet written, its own included; null when it begins none
   * @throws ApiError `quota_turns`, `quota_sessions`, `quota_bytes` or `storage_full`; then nothing was counted
   */
  take(now: number, newSessions: (() => number) | null): void {
    const { turns_per_day } = this.#limits;
    this.checkBytes();
    if (newSessions) this.takeSession(newSessions);
    if (!isSet(turns_per_day) && this.#begun?.day !== dayOf(now)) return;
    this.#roomFor(now).turns += 1;
  }

  /** Whether calls of a model are counted: without a limit, {@link takeUnstored} does nothing. */
  get countsTurns(): boolean {
    return isSet(this.#limits.turns_per_day);
  }

  /**
   * Counts a call of a model that no row will tell of. It writes one row where turns are limited, else none.
   *
   * @throws ApiError `quota_turns`; then nothing was counted
   */
  takeUnstored(now: number): void {
    if (!this.countsTurns) return;
    const begun = this.#roomFor(now);
    begun.unstored += 1;
    writeValue(this.#db, "begun", { ...begun, at: now });
  }

  /** The day's count, with room for one more. @throws ApiError `quota_turns` */
  #roomFor(now: number): Begun {
    const { turns_per_day } = this.#limits;
    const begun = this.#begunOn(now);
    if (!isSet(turns_per_day) || begun.turns + begun.unstored < turns_per_day) return begun;
    throw new ApiError(
      "quota_turns",
      `The account has used its ${turns_per_day} turns of this day (UTC). Try again tomorrow, or ask an admin for more.`,
      {
        retry_after_ms: (begun.day + 1) * DAY_MS - now,
      },
    );
  }

  /** @throws ApiError `quota_bytes` when the account is full, `storage_full` when SQLite is */
  checkBytes(): void {
    this.#room.checkWrite();
    const { stored_bytes } = this.#limits;
    if (!isSet(stored_bytes) || this.#db.sizeBytes < stored_bytes) return;
    throw new ApiError(
      "quota_bytes",
      `The account stores ${this.#db.sizeBytes} bytes, and its quota is ${stored_bytes}. Erase or purge sessions, or ask an admin for more.`,
    );
  }

  /**
   * Makes a change in a transaction. In a full account it may only make its subject smaller.
   *
   * @param measure - the subject's size
   * @throws ApiError `quota_bytes`
   */
  checkGrowth<T>(measure: () => number, change: () => T): T {
    if (!isSet(this.#limits.stored_bytes)) return change();
    const before = measure();
    const changed = change();
    if (measure() > before) this.checkBytes();
    return changed;
  }

  /** Before a session begins. @throws ApiError `quota_sessions` unless so many more live ones fit, `storage_full` */
  takeSession(more: () => number): void {
    this.#room.checkSession();
    this.takeRestored(more);
  }

  /** Before sessions come back. @throws ApiError `quota_sessions` unless so many more live ones fit */
  takeRestored(more: () => number): void {
    const { sessions } = this.#limits;
    if (!isSet(sessions) || this.#counters.sessions().sessions + more() <= sessions) return;
    throw new ApiError(
      "quota_sessions",
      `The account has reached its quota of ${sessions} live sessions. Erase or purge some, or ask an admin for more.`,
    );
  }

  /** Writes the day's count down before rows leave that a recount would miss. Costs nothing without a limit. */
  keep(now: number): void {
    if (this.countsTurns) writeValue(this.#db, "begun", { ...this.#begunOn(now), at: now });
  }

  /** Writes down what is counted, the turns of the day too, so that the next wake need not recount. */
  save(now: number): void {
    this.#counters.save({ day: dayOf(now), turns: this.#begunOn(now).turns });
  }

  report(now: number): QuotaReport {
    const { turns, unstored } = this.#begunOn(now);
    const limit = (name: keyof QuotaLimits) => this.#limits[name] ?? null;
    return {
      turns_per_day: { limit: limit("turns_per_day"), used: turns + unstored },
      stored_bytes: { limit: limit("stored_bytes"), used: this.#db.sizeBytes },
      sessions: { limit: limit("sessions"), used: this.#counters.sessions().sessions },
    };
  }

  #begunOn(now: number): Begun {
    const day = dayOf(now);
    if (this.#begun?.day !== day) {
      const kept = readValue(this.#db, "begun");
      const counted =
        kept?.day === day
          ? this.#since(kept)
          : { turns: countTurnsOn(this.#db, day, NEVER).all, unstored: 0 };
      this.#begun = { day, ...counted };
    }
    return this.#begun;
  }

  /** Rows of before `at` may have left, or come back. */
  #since({ day, turns, unstored = 0, at }: AccountValues["begun"]): Omit<Begun, "day"> {
    const { all, later } = countTurnsOn(this.#db, day, at ?? NEVER);
    return { turns: Math.max(turns + later, all), unstored };
  }
}

/** Null where storage does not hold what was counted on a day. */
function begunAsSaved(db: Database, { dayTurns }: Counters): Begun | null {
  if (!dayTurns) return null;
  const { day, turns } = dayTurns;
  const kept = readValue(db, "begun");
  if (kept?.day !== day) return { day, turns, unstored: 0 };
  return { day, turns: Math.max(turns, kept.turns), unstored: kept.unstored ?? 0 };
}

/** Later than any turn, in ms. */
const NEVER = Number.MAX_SAFE_INTEGER;

const isSet = (limit: number | null | undefined): limit is number => typeof limit === "number";

interface Begun {
  day: number;
  turns: number;
  unstored: number;
}

/** Only sessions accessed on the day or later have turns of it. Calls that other programs made are no turns of ours. */
function countTurnsOn(db: Database, day: number, at: number): { all: number; later: number } {
  return (
    db.one<{ all: number; later: number }>(
      `select count(*) as "all", coalesce(sum(t.created_at > ?3), 0) as later from sessions s join turns t on t.id > s.key * 1048576 and t.id < (s.key + 1) * 1048576
       where s.segment is null and s.accessed_at >= ?1 and t.created_at >= ?1 and t.created_at < ?2
         and ${validJson("t.extra")} ->> '$.call' is null`,
      day * DAY_MS,
      (day + 1) * DAY_MS,
      at,
    ) ?? { all: 0, later: 0 }
  );
}
