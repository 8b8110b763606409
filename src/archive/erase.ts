import { ApiError } from "../errors.ts";
import { isHeld } from "../store/account.ts";
import type { Counters } from "../store/counters.ts";
import type { Database } from "../store/database.ts";
import { sessionNotFound } from "../store/refusals.ts";
import { HELD, findSession, removeSession } from "../store/sessions.ts";
import type { Turns } from "../store/turns.ts";
import type { Archivist } from "./archivist.ts";

export interface Erased {
  session_id: string;
  /** Turns that were in SQLite or, archived, in R2. */
  turns: number;
  /** Archive segments that were written anew without it. */
  segments: number;
}

/**
 * Erases a session for good: rows, search index and every archived copy. First the segments are written anew beside
 * the old, then one transaction switches to them and leaves a tombstone, then the old ones are deleted; what a crash
 * leaves of them is doomed already.
 *
 * @throws ApiError `session_not_found`, or `session_held` while it is under legal hold
 */
export async function eraseSession(
  {
    db,
    turns,
    counters,
    archivist,
  }: { db: Database; turns: Turns; counters: Counters; archivist: Archivist },
  sessionId: string,
  now: number,
): Promise<Erased> {
  const erasable = () => {
    if (isHeld(db))
      throw new ApiError(
        "account_held",
        "The account is under legal hold: nothing may erase it. Lift the hold first.",
      );
    const session = findSession(db, sessionId);
    if (!session) throw sessionNotFound();
    if ((session.flags & HELD) === 0) return session;
    throw new ApiError(
      "session_held",
      "The session is under legal hold: nothing may erase it. Lift the hold first.",
    );
  };
  const rewritten = await archivist.withoutSession(erasable());
  return db.transaction(() => {
    const session = erasable();
    const held = turns.count(session.key);
    counters.changing();
    rewritten.commit();
    removeSession(db, session, now);
    if (session.segment === null) {
      counters.sessionRemoved(session);
      counters.turnsChanged(-held.turns, -held.messages);
    } else {
      counters.archivesChanged(-1, 0);
    }
    return {
      session_id: sessionId,
      turns: session.turns ?? held.turns,
      segments: rewritten.segments,
    };
  });
}
