import { SECOND_MS } from "../../shared/time.ts";
import type { Database } from "../../sqlite/database.ts";
import type { SessionQueue } from "./session-queue.ts";
import { latestSessionOf } from "../store/sessions/users.ts";

/** The user whose open session is wanted, with the assistant and the role: each combination has its own session. */
export interface UserSession {
  user_id: string;
  assistant: string;
  role: string | null;
  /** Without a turn for so long, a session is not open any more; null: it always is. */
  idle_seconds: number | null;
}

/**
 * Finds the session that a user's turn goes on with: the latest with that assistant, in that role, until it was idle
 * for too long. Sessions whose first turn is on its way are known in memory, so that turns that come at once share one.
 * Chat completions are none of them: they are over once they are answered.
 */
export class UserSessions {
  readonly #db: Database;
  readonly #line: SessionQueue;
  readonly #opening = new Map<string, string>();
  readonly #names = new Map<string, string>();

  constructor(db: Database, line: SessionQueue) {
    this.#db = db;
    this.#line = line;
  }

  /** @param freshId - the session's id if a new one has to be opened */
  find(wanted: UserSession, freshId: string, now: number): string {
    const { user_id, assistant, role, idle_seconds } = wanted;
    const name = JSON.stringify([user_id, assistant, role]);
    const opening = this.#opening.get(name);
    if (opening !== undefined) return opening;
    const latest = latestSessionOf(this.#db, wanted);
    const isOpen =
      latest !== null &&
      (idle_seconds === null ||
        this.#line.isBusy(latest.session_id) ||
        now - latest.last_accessed_at < idle_seconds * SECOND_MS);
    if (isOpen) return latest.session_id;
    this.#opening.set(name, freshId);
    this.#names.set(freshId, name);
    return freshId;
  }

  /** A turn of the session ended. Once none is in line any more, storage says whether the session exists. */
  left(sessionId: string): void {
    const name = this.#names.get(sessionId);
    if (name === undefined || this.#line.holder(sessionId) !== null) return;
    this.#names.delete(sessionId);
    this.#opening.delete(name);
  }
}
