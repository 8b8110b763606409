import { readValue, writeValue } from "./account.ts";
import type { Database } from "./database.ts";

/** A block costs one row; what an eviction leaves of it is lost, out of 2^33. */
const BLOCK = 1_024;

/** Hands out session keys that are never used again, not even after the session was erased. */
export class SessionKeys {
  readonly #db: Database;
  #next: number;
  #reserved: number;

  constructor(db: Database) {
    this.#db = db;
    this.#next = readValue(db, "next_key") ?? 1;
    this.#reserved = this.#next;
    db.onRollback(() => {
      this.#reserved = readValue(db, "next_key") ?? 1;
    });
  }

  next(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  /** To be called in the transaction that inserts a session under `key`. */
  reserve(key: number): void {
    if (key < this.#reserved) return;
    this.#reserved = key + BLOCK;
    writeValue(this.#db, "next_key", this.#reserved);
  }
}
