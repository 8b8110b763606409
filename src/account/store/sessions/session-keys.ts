import { readValue, writeValue } from "../account/account-values.ts";
import type { Database } from "../../../sqlite/database.ts";

/** A block costs one row; what an eviction leaves of it is lost, out of 2^33. */
const BLOCK = 1_024;

/** Half of the 2^33 keys are for sessions that begin here, so that no import uses them up. */
const CLAIMED = 2 ** 32;

export interface ClaimingSession {
  key: number;
  session_id: string;
  created_at: number;
  user_id: string | null;
  role?: string | undefined;
}

/** Hands out session keys that are never used again, not even after the session was erased. */
export class SessionKeys {
  readonly #db: Database;
  #next: number;
  /** Given out, and not written yet. */
  readonly #given = new Set<number>();
  /** The stored `next_key`; null where it has to be read. */
  #reserved: number | null;

  constructor(db: Database) {
    this.#db = db;
    this.#next = readValue(db, "next_key") ?? 1;
    this.#reserved = this.#next;
    db.onRollback(() => {
      this.#reserved = null;
    });
  }

  next(): number {
    const key = this.#next;
    this.#next += 1;
    this.#given.add(key);
    return key;
  }

  /**
   * The key of a session that had one before, if that may be and is free, else a new one. In the transaction that inserts it.
   *
   * Backups may have copies of a session that went, which are found by its key: no other session gets that, and none of
   * another owner. Nor does one that began at another time get the key of one that expired: its turns are counted. One
   * that expired without a user may have been named to one in the copy that comes: see `asFormer`.
   *
   * @param session - with the key that it had; 0: none
   */
  claim(session: ClaimingSession): number {
    const claimed = this.isFree(session) ? session.key : this.next();
    this.#next = Math.max(this.#next, claimed + 1);
    this.reserve(claimed);
    return claimed;
  }

  /** Whether {@link claim} would give the session the key that it had. */
  isFree({ key, session_id, created_at, user_id, role }: ClaimingSession): boolean {
    return (
      key > 0 &&
      key <= CLAIMED &&
      !this.#given.has(key) &&
      this.#db.scalar(
        `select 1 from sessions where key = ?1
         union all select 1 from former_sessions f
         left join expired_sessions e on e.key = f.key and e.created_at = ?5
         where f.key = ?1 and (f.session_id <> ?2
           or (f.user_id is not ?3 and (f.user_id is not null or e.key is null))
           or (f.role is not ?4 and (f.role is not null or e.key is null)))
         union all select 1 from expired_sessions
         where key = ?1 and created_at <> ?5 and not exists (select 1 from former_sessions where key = ?1)`,
        key,
        session_id,
        user_id,
        role ?? null,
        created_at,
      ) === null
    );
  }

  /** To be called in the transaction that inserts a session under `key`. */
  reserve(key: number): void {
    this.#given.delete(key);
    this.#reserved ??= readValue(this.#db, "next_key") ?? 1;
    if (key < this.#reserved) return;
    this.#reserved = key + BLOCK;
    writeValue(this.#db, "next_key", this.#reserved);
  }
}
