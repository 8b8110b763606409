import type { Database } from "./database.ts";

/**
 * Several writes in one commit. Under load an account's commits are what it waits for, so writes that arrive in one
 * turn of the event loop share one; a write that comes alone is not kept waiting.
 */
export class GroupCommit {
  readonly #db: Database;
  #waiting: (() => void)[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  /** Runs `write` in a transaction: at once, or with its group at the end of this turn of the event loop. */
  run<T>(write: () => T, options: { grouped: boolean }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const attempt = (): void => {
        try {
          resolve(this.#db.transaction(write));
        } catch (error) {
          reject(error);
        }
      };
      if (!options.grouped) return attempt();
      this.#waiting.push(attempt);
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 0);
    });
  }

  /** Each write is a savepoint of its own, so that one that fails takes no other with it. */
  #flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    for (const attempt of group) attempt();
  }
}
