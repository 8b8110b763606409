import { unwrap } from "../errors.ts";
import { logError } from "../observe/log.ts";
import { readValue, writeValue } from "../store/account.ts";
import type { Counters } from "../store/counters.ts";
import type { Database } from "../store/database.ts";
import { KEEP_KEYS_MS, dropExpiredKeys } from "../store/idempotency.ts";
import { nextDueAt } from "../store/retention.ts";
import { MINUTE_MS } from "../time.ts";
import { shardName, shardOf } from "./account-directory.ts";

/** When to try again after the directory could not be reached. */
const RETRY_MS = MINUTE_MS;

export interface OutboxParts {
  db: Database;
  counters: Counters;
  storage: DurableObjectStorage;
  directory: Env["DIRECTORY"];
  accountId: string;
  retentionMs: () => number;
}

/**
 * What the account owes the directory: that it exists, and that something may be due sooner than the directory knows.
 * Recorded in the transaction that causes it, delivered by the object's alarm, so that no turn waits for it and no
 * crash loses it.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  #registered = false;
  #changes = 0;
  #keysWatched = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    const read = () => {
      this.#registered = readValue(parts.db, "directory") !== null;
    };
    read();
    parts.db.onRollback(read);
  }

  /** A session was written. The account's first one enters it into the directory. */
  sessionWritten(): void {
    if (!this.#registered) this.dueChanged();
  }

  dueChanged(): void {
    writeValue(this.#parts.db, "directory", "pending");
    this.#registered = true;
    this.#changes += 1;
    void this.#parts.storage.setAlarm(Date.now());
  }

  /** An idempotency key was written: some day it has to go. */
  keyWritten(): void {
    if (this.#keysWatched) return;
    this.#keysWatched = true;
    void this.#wakeToDropKeys();
  }

  /** What the object's alarm does. Can run twice. */
  async deliver(now: number): Promise<void> {
    const { db, storage } = this.#parts;
    const keysExpireAt = dropExpiredKeys(db, now);
    const told = readValue(db, "directory") !== "pending" || (await this.#tellDirectory(now));
    const next = [keysExpireAt, told ? null : now + RETRY_MS].filter((at) => at !== null);
    if (next.length > 0) await storage.setAlarm(Math.min(...next));
  }

  async #tellDirectory(now: number): Promise<boolean> {
    const { db, counters, directory, accountId, retentionMs } = this.#parts;
    try {
      const created_at = counters.read().bounds?.oldest_at ?? now;
      const due_at = nextDueAt(counters, retentionMs(), now);
      const changes = this.#changes;
      unwrap(
        await directory
          .getByName(shardName(shardOf(accountId)))
          .register({ account_id: accountId, created_at, due_at }),
      );
      // What changed during the RPC is owed still.
      if (this.#changes !== changes) return false;
      writeValue(db, "directory", "registered");
      return true;
    } catch (error) {
      logError("directory.unreachable", "the directory does not know this account yet", error);
      return false;
    }
  }

  async #wakeToDropKeys(): Promise<void> {
    const { storage } = this.#parts;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + KEEP_KEYS_MS);
  }
}
