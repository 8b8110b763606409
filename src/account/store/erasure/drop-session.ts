import type { Database } from "../../../sqlite/database.ts";
import { scheduleDeletion } from "../archive/archives.ts";
import { dropParts } from "../archive/session-parts.ts";
import type { SessionRow } from "../sessions/sessions.ts";
import { findDetails, firstTurnOf, afterTurnsOf } from "../sessions/sessions.ts";
import { noteSize } from "../account/file-compaction.ts";
import { forgetTurns } from "../turns/indexed-turns.ts";
import { dropPieces } from "../turns/stream-pieces.ts";
import { dropBackground } from "../turns/background-turns.ts";
import { dropFrames } from "../turns/system-prompts.ts";
import { dropCalls } from "../calls/legacy-call-rows.ts";
import { dropHeldVersions } from "../sessions/held-versions.ts";
import { dropExtractions } from "../sessions/fact-extractions.ts";
import { dropFactsOfSession } from "../sessions/user-facts.ts";
import { writeSession } from "../sessions/write-session.ts";

/** {@link dropSession}, and leaves a tombstone. Objects in R2 stay. */
export function removeSession(db: Database, session: SessionRow, now: number): void {
  const user_id = findDetails(db, session.key)?.user_id ?? null;
  dropSession(db, session);
  bury(db, session.session_id, user_id, now);
  db.run("insert or ignore into erased_places values (?, ?)", session.session_id, session.key);
}

/**
 * Deletes every row of the session, as if it had never been, but for its idempotency keys: see `dropRequestKeys`. An
 * archived one must not be in the search index. A live one leaves it here, with as much as it still has there. The deletion of
 * its answer in the cache is scheduled.
 */
export function dropSession(db: Database, { key, indexed, segment }: SessionRow): void {
  const range = [firstTurnOf(key), afterTurnsOf(key)] as const;
  noteSize(db);
  if (segment === null) forgetTurns(db, [{ key, indexed }]);
  db.run("delete from turns where id >= ? and id < ?", ...range);
  dropPieces(db, range);
  dropBackground(db, range);
  dropExtractions(db, range);
  const cacheKey = findDetails(db, key)?.cache_key;
  if (cacheKey) scheduleDeletion(db, cacheKey);
  writeSession(db, key, "delete from session_details where key = ?", key);
  dropHeldVersions(db, key);
  dropFactsOfSession(db, key);
  dropFrames(db, [key]);
  dropCalls(db, range);
  db.run("delete from import_turns where key = ?", key);
  dropParts(db, key);
  writeSession(db, key, "delete from sessions where key = ?", key);
}

/** Leaves a tombstone: a session with this id is never to be written. */
export function bury(db: Database, sessionId: string, userId: string | null, now: number): void {
  db.run(
    "insert or ignore into tombstones (session_id, erased_at, user_id) values (?, ?, ?)",
    sessionId,
    now,
    userId,
  );
}
