import type { Database } from "../../../sqlite/database.ts";
import { findDetails, findSession } from "./sessions.ts";
import type { DetailsRow, SessionRow } from "./sessions.ts";

/** How many sessions are cached. */
const MAX_SESSIONS = 512;
/** The most text of a cached session, in UTF-16 units: some 4 MB for all of them. */
const MAX_SESSION_LENGTH = 4 * 1024;

interface Known {
  readonly session: SessionRow;
  readonly details: DetailsRow | null;
}

/**
 * The rows of the sessions in use, as they are stored: a turn reads none of them. `writeSession` invalidates what it
 * writes.
 */
export class SessionCache {
  readonly #db: Database;
  /** Least recently used first. */
  readonly #known = new Map<string, Known>();
  readonly #ids = new Map<number, string>();

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => this.#clear());
    db.onChanged((table, key) => {
      if (table !== "sessions") return;
      if (key === null) this.#clear();
      else this.#forget(this.#ids.get(key));
    });
  }

  /** The rows are cached: do not change them. */
  find(sessionId: string): Known | null {
    const known = this.#known.get(sessionId);
    if (known) {
      this.#known.delete(sessionId);
      this.#known.set(sessionId, known);
      return known;
    }
    const session = findSession(this.#db, sessionId);
    if (!session) return null;
    const details = findDetails(this.#db, session.key);
    if (lengthOf(details) <= MAX_SESSION_LENGTH) this.#keep({ session, details });
    return { session, details };
  }

  #keep(known: Known): void {
    const { key, session_id } = known.session;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MAX_SESSIONS) this.#forget(oldest);
    this.#known.set(session_id, known);
    this.#ids.set(key, session_id);
  }

  #forget(sessionId: string | undefined): void {
    if (sessionId === undefined) return;
    const known = this.#known.get(sessionId);
    this.#known.delete(sessionId);
    if (known) this.#ids.delete(known.session.key);
  }

  #clear(): void {
    this.#known.clear();
    this.#ids.clear();
  }
}

const lengthOf = (details: DetailsRow | null): number =>
  Object.values(details ?? {}).reduce<number>(
    (length, value) => length + (typeof value === "string" ? value.length : 0),
    0,
  );
