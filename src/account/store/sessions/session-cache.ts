import type { Database } from "../../../sqlite/database.ts";
import { findDetails, findSession } from "./sessions.ts";
import type { DetailsRow, SessionRow } from "./sessions.ts";

/** So many sessions are remembered, each with so much text at most, in UTF-16 units: some 4 MB in all. */
const SESSIONS = 512;
const SESSION_LENGTH = 4 * 1024;
/** Of one session alone; the key is the first that it is given. */
const OF_ONE = /^\s*insert into session_details\b/;
const OF_ANY = /^\s*(?:update|delete from|replace into)\s+(?:sessions|session_details)\b/;

interface Known {
  readonly session: SessionRow;
  readonly details: DetailsRow | null;
}

/**
 * The rows of the sessions that are being talked in, as they lie in storage: a turn reads none of them. Whatever is written
 * to their tables is noticed by its SQL, and what it may have changed is forgotten.
 */
export class SessionCache {
  readonly #db: Database;
  /** The one that was used last is last. */
  readonly #known = new Map<string, Known>();
  readonly #ids = new Map<number, string>();

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => this.#clear());
    db.onWrite((sql, params) => {
      if (OF_ONE.test(sql)) this.#forget(this.#ids.get(params[0] as number));
      else if (OF_ANY.test(sql)) this.#clear();
    });
  }

  /** Not for changing: they are kept. */
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
    if (lengthOf(details) <= SESSION_LENGTH) this.#keep({ session, details });
    return { session, details };
  }

  #keep(known: Known): void {
    const { key, session_id } = known.session;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= SESSIONS) this.#forget(oldest);
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
