import { sha256 } from "../../../shared/sha256.ts";
import type { Database } from "../../../sqlite/database.ts";

/** Under this key lie the frames that hold nothing of any session. */
const SHARED = 0;

/** Names a system message by its text: 48 bits, so that a number holds it. */
export const frameId = (text: string): number => Number.parseInt(sha256(text).slice(0, 12), 16);

/**
 * The system messages that models were shown: kept once each, since most turns of an account share one. Those with facts
 * or a summary in them belong to their session, and go where it goes.
 */
export class SystemPrompts {
  readonly #db: Database;
  readonly #known = new Set<string>();

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => this.#known.clear());
  }

  /** In the transaction of the turn. @param key - the session's, where the text is its own; null: anybody's */
  put(key: number | null, text: string): void {
    const id = frameId(text);
    const name = `${key ?? SHARED}:${id}`;
    if (this.#known.has(name)) return;
    this.#db.run("insert or ignore into frames values (?, ?, ?)", key ?? SHARED, id, text);
    if (key === null) this.#known.add(name);
  }

  /** Null: it was never written, or its session is archived. */
  text(key: number, id: number): string | null {
    return this.#db.scalar<string>(
      "select text from frames where key in (?, ?) and id = ?",
      SHARED,
      key,
      id,
    );
  }
}

/** In the transaction that deletes some of a session's turns: what no other was shown goes with them. */
export function dropUnseenFrames(db: Database, key: number): void {
  db.run(
    "delete from frames where key = ?1 and id not in (select frame from turns where id > ?1 * 1048576 and id < (?1 + 1) * 1048576 and frame is not null)",
    key,
  );
}

/** In the transaction that deletes the session's turns. */
export function dropFrames(db: Database, keys: readonly number[]): void {
  db.run(
    "delete from frames where key in (select value from json_each(?)) and key <> ?",
    JSON.stringify(keys),
    SHARED,
  );
}
