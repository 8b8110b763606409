import { nextMaintenance } from "./archive/upkeep/maintain.ts";
import type { Keyring } from "./archive/storage/keyring.ts";
import type { ObjectStore } from "./archive/storage/object-store.ts";
import { logError } from "../observe/log.ts";
import { readValue, writeValue } from "./store/account/account-values.ts";
import type { Counters } from "./store/usage/counters.ts";
import type { Database } from "../sqlite/database.ts";
import { KEEP_KEYS_MS, dropExpiredKeys } from "./store/turns/idempotency.ts";
import { idleSince } from "./store/retention/retention.ts";
import { shortest } from "./store/retention/retention-policy.ts";
import type { Retention } from "./store/retention/retention-policy.ts";
import { lastSizeDay, noteSize } from "./store/usage/daily-sizes.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, dayOf } from "../shared/time.ts";
import { directoryOf, callDirectory } from "../directory/directory-client.ts";

/** When to try again after the directory could not be reached. */
const RETRY_MS = MINUTE_MS;
/**
 * Between two passes over the idempotency keys, in ms. Each reads all of them: a pass for each key that expires would read so
 * many rows a key.
 */
const DROP_KEYS_MS = HOUR_MS;

export interface OutboxParts {
  db: Database;
  counters: Counters;
  storage: DurableObjectStorage;
  retention: () => Retention;
  keyring: Keyring;
  store: ObjectStore;
  /** The deployment's settings that what it tells comes from. */
  settings: string;
  env: Pick<Env, "DIRECTORY">;
  accountId: string;
}

/**
 * Pending reports to the directory: that the account exists, and how long its oldest session has been idle. The
 * transaction that changes them records them, and the object's alarm delivers them. So no turn waits for them and no
 * crash loses them. Only the alarm reports, so its last report is what the directory knows.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  /** See `AccountValues.directory`; undefined where it has to be read. */
  #told: number | "pending" | null | undefined;
  #changes = 0;
  /** Whether the alarm is set for the keys that are stored. */
  #keysWatched = false;
  /** When expired keys are dropped next; null where that is not known, or none is stored. */
  #keysDueAt: number | null = null;
  /** The last day whose size is noted, or is about to be; undefined where that has to be read. */
  #sizedOn: number | null | undefined;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    parts.db.onRollback(() => {
      this.#told = undefined;
      this.#sizedOn = undefined;
    });
  }

  #lastTold(): number | "pending" | null {
    this.#told ??= readValue(this.#parts.db, "directory");
    return this.#told;
  }

  /** A session was written. The account's first one enters it into the directory, an older one than that knows of too. */
  sessionWritten(accessedAt: number): void {
    const told = this.#lastTold();
    if (told === null || (told !== "pending" && accessedAt < told)) this.idleChanged();
    this.#wakeToNoteSize();
  }

  /** On a day's first write the alarm notes what the account holds: a row a day, beside no turn. */
  #wakeToNoteSize(): void {
    const today = dayOf(Date.now());
    if (this.#lastSizedOn() === today) return;
    this.#sizedOn = today;
    void this.#parts.storage.setAlarm(Date.now());
  }

  #lastSizedOn(): number | null {
    if (this.#sizedOn === undefined) this.#sizedOn = lastSizeDay(this.#parts.db);
    return this.#sizedOn;
  }

  /** Marks the last report as out of date. */
  idleChanged(): void {
    writeValue(this.#parts.db, "directory", "pending");
    this.#told = "pending";
    this.#changes += 1;
    void this.#parts.storage.setAlarm(Date.now());
  }

  /** An idempotency key was written: some day it has to go. */
  keyWritten(): void {
    if (this.#keysWatched) return;
    this.#keysWatched = true;
    void this.#wakeToDropKeys();
  }

  /** Runs the object's alarm. Can run twice. @returns when to wake again, null for not at all */
  async deliver(now: number): Promise<number | null> {
    if (lastSizeDay(this.#parts.db) !== dayOf(now)) {
      await this.#parts.counters.load();
      noteSize(this.#parts.db, this.#parts.counters, now);
    }
    const told = this.#lastTold() !== "pending" || (await this.#tellDirectory(now));
    return told ? this.#keysDueAt : now + RETRY_MS;
  }

  async #tellDirectory(now: number): Promise<boolean> {
    const { db, counters, env, accountId, settings } = this.#parts;
    try {
      await counters.load();
      const { oldest_at } = counters.bounds();
      const retention = this.#parts.retention();
      const idle_since = idleSince(counters, now);
      const idle_days = shortest(retention, "idle_days");
      const changes = this.#changes;
      const account = {
        account_id: accountId,
        created_at: oldest_at ?? now,
        purge_at: idle_days === null ? null : idle_since + idle_days * DAY_MS,
        maintain_at: nextMaintenance(this.#parts, oldest_at, now),
        settings,
        ...held(db, counters),
      };
      await callDirectory(env, directoryOf(accountId), (directory) => directory.register(account));
      // Changes during the RPC are still pending.
      if (this.#changes !== changes) return await this.#tellDirectory(now);
      writeValue(db, "directory", idle_since);
      this.#told = idle_since;
      return true;
    } catch (error) {
      logError("directory.unreachable", "the directory does not know this account yet", error);
      return false;
    }
  }

  /** Deletes the idempotency keys that expired, where that is due. Other calls run meanwhile. */
  async dropKeys(now: number): Promise<void> {
    if (this.#keysDueAt !== null && now < this.#keysDueAt) return;
    // A key that is written meanwhile sets the alarm itself.
    this.#keysWatched = false;
    const expiresAt = await dropExpiredKeys(this.#parts.db, now);
    // A key of a later clock keeps no other: one that is written from now on expires within a day at the earliest.
    this.#keysDueAt =
      expiresAt === null
        ? null
        : Math.min(Math.max(expiresAt, now + DROP_KEYS_MS), now + KEEP_KEYS_MS);
    this.#keysWatched ||= expiresAt !== null;
  }

  async #wakeToDropKeys(): Promise<void> {
    const { storage } = this.#parts;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + KEEP_KEYS_MS);
  }
}

/** For the deployment's metrics. */
function held(db: Database, counters: Counters) {
  const { sessions, archived, archived_bytes } = counters.sessions();
  return {
    live_sessions: sessions,
    archived_sessions: archived,
    storage_bytes: db.sizeBytes,
    archived_bytes,
  };
}
