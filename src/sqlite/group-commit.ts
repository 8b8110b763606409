import type { Database } from "./database.ts";

/**
 * So many turns of the event loop a commit waits for writes that are on their way: under load it takes half as many
 * again along. Alone it waits for nobody: each of them takes microseconds.
 */
const GATHERING = 2;

/**
 * Several writes in one commit: those that come while one is on its way to the disk, or right behind it, share the next.
 * No timer: under load each that fires costs more than a write.
 */
export class GroupCommit {
  readonly #db: Database;
  readonly #sync: () => Promise<void>;
  #waiting: (() => void)[] = [];
  #committing = false;

  /** @param sync - resolves when everything written so far is on the disk */
  constructor(db: Database, sync: () => Promise<void>) {
    this.#db = db;
    this.#sync = sync;
  }

  /** Runs `write` in a transaction of its own. What is answered because of it waits for its commit by itself. */
  run<T>(write: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push(() => {
      try {
        resolve(this.#db.transaction(write));
      } catch (error) {
        reject(error);
      }
    });
    if (!this.#committing) void this.#commit();
    return promise;
  }

  async #commit(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      for (let turn = 0; turn < GATHERING; turn += 1) await this.#synced();
      const group = this.#waiting;
      this.#waiting = [];
      // Each write is a savepoint of its own, so that one that fails takes no other with it.
      for (const write of group) write();
      await this.#synced();
    }
    this.#committing = false;
  }

  /** A sync that fails takes the object down with it, and all that waits: nothing of it was acknowledged. */
  #synced(): Promise<void> {
    return this.#sync().catch(() => undefined);
  }
}
