import type { Database } from "./database.ts";

/**
 * Several writes in one commit. A write that comes alone is written at once; those that come while a commit is on its
 * way to the disk wait for it, and then share the next one. No timer: under load each that fires costs more than a write.
 */
export class GroupCommit {
  readonly #db: Database;
  readonly #sync: () => Promise<void>;
  #waiting: (() => void)[] = [];
  #syncing = false;

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
    if (!this.#syncing) this.#flush();
    return promise;
  }

  /** Each write is a savepoint of its own, so that one that fails takes no other with it. */
  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    for (const write of group) write();
    this.#syncing = true;
    // A sync that fails takes the object down with it, and all that waits: nothing of it was acknowledged.
    void this.#sync()
      .catch(() => undefined)
      .then(() => this.#synced());
  }

  #synced(): void {
    this.#syncing = false;
    if (this.#waiting.length > 0) this.#flush();
  }
}
