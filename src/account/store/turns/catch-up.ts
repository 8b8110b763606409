import type { Database } from "../../../sqlite/database.ts";
import { indexSlice, staleSessions } from "./index-slices.ts";

/** Sessions whose turns are looked for together, to be indexed. */
const SESSIONS_TOGETHER = 500;

/** Brings the search index up to date before a search, a slice at a time. */
export class CatchUp {
  readonly #db: Database;
  /** Sessions that may have turns to index; null when that is not known yet. */
  #stale: Set<number> | null = null;
  #running: Promise<void> | null = null;
  /** Whether anything was ever indexed; null when that is not known yet, as it takes a look at every session. */
  #used: boolean | null = null;

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => {
      this.#stale = null;
    });
  }

  turnWritten(key: number): void {
    this.#stale?.add(key);
  }

  /** Searches that come meanwhile wait for the same work. */
  run(): Promise<void> {
    this.#running ??= this.#indexAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Does nothing in an account that never searched. */
  indexBeforeArchive(keys: readonly number[]): void {
    if (keys.length === 0 || !this.#isUsed()) return;
    this.#db.transaction(() => {
      for (let left = [...keys]; left.length > 0;) left = indexSlice(this.#db, left);
    });
  }

  #isUsed(): boolean {
    this.#used ??= this.#db.scalar("select 1 from sessions where indexed > 0 limit 1") !== null;
    return this.#used;
  }

  async #indexAll(): Promise<void> {
    for (;;) {
      const stale = await this.#staleSessions();
      if (stale.size === 0) return;
      this.#used = true;
      let left = [...stale].slice(0, SESSIONS_TOGETHER);
      // After a rollback, what is stale is not known any more.
      while (left.length > 0 && this.#stale === stale) {
        const next = this.#db.transaction(() => indexSlice(this.#db, left));
        const rest = new Set(next);
        // A session that gets a turn after this is stale again.
        for (const key of left) if (!rest.has(key)) stale.delete(key);
        left = next;
        if (stale.size > 0) await scheduler.wait(0);
      }
    }
  }

  async #staleSessions(): Promise<Set<number>> {
    if (this.#stale) return this.#stale;
    const stale = new Set<number>();
    this.#stale = stale;
    for (let after: number | null = 0; after !== null;) {
      const { keys, through } = staleSessions(this.#db, after);
      for (const key of keys) stale.add(key);
      after = through;
      if (after !== null) await scheduler.wait(0);
    }
    return this.#stale === stale ? stale : this.#staleSessions();
  }
}
