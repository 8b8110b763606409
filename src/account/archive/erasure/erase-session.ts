import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { sessionNotFound } from "../../../shared/not-found-errors.ts";
import { tally } from "../../store/usage/roll-up.ts";
import { scheduleDeletion } from "../../store/archive/archives.ts";
import { dropStagedOf } from "../../store/archive/staged-parts.ts";
import { findDetails, findSession } from "../../store/sessions/sessions.ts";
import { HELD, JOURNAL, ownSessions } from "../../store/sessions/session-flags.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { dropKeysOfSessions } from "../../store/turns/idempotency.ts";
import type { SearchIndex } from "../../store/turns/search.ts";
import type { Turns } from "../../store/turns/turns.ts";
import type { Archivist } from "../sessions/archivist.ts";
import { bury, removeSession } from "../../store/erasure/drop-session.ts";
import { dropFormers, formersOf } from "../../store/erasure/former-sessions.ts";
import type { FormerSession } from "../../store/erasure/former-sessions.ts";
import { newTrace, traceRows } from "./places.ts";
import type { ErasureTrace, PlaceReport } from "./places.ts";

export interface EraseResult {
  session_id: string;
  /** Turns that were in SQLite or, archived, in R2. */
  turns: number;
  /** Archive segments that were rewritten without it. */
  segments: number;
}

/** Result of erasing a session, with the findings of the check afterwards. */
export interface SessionErasure extends EraseResult {
  places: PlaceReport[];
  /** Whether every place was looked at, and holds nothing of it. */
  verified: boolean;
}

export interface EraseParts {
  db: Database;
  turns: Turns;
  search: Pick<SearchIndex, "forget" | "forgetTurn">;
  counters: Counters;
  archivist: Archivist;
  lifecycle: { drop: (sessionId: string) => void; isBusy: (sessionId: string) => boolean };
}

/** @throws ApiError `session_not_found`, or `session_held` while it is under legal hold */
export async function eraseSession(
  parts: EraseParts,
  sessionId: string,
  now: number,
  trace = newTrace(),
): Promise<EraseResult> {
  const { db } = parts;
  const erase = (formers: FormerSession[]) =>
    eraseSessions(parts, [sessionId], now, { trace, formers });
  const own = findSession(db, sessionId) === null ? null : await erase([]);
  // A session may have had the id before, and more than once. No damaged copy of it keeps the session itself.
  const formers = formersOf(db, [sessionId]);
  if ((own?.sessions ?? 0) === 0 && formers.length === 0) throw sessionNotFound();
  const before = formers.length === 0 ? null : await erase(formers);
  return {
    session_id: sessionId,
    turns: (own?.turns ?? 0) + (before?.turns ?? 0),
    segments: (own?.segments ?? 0) + (before?.segments ?? 0),
  };
}

export interface ErasedSessions {
  sessions: number;
  archived_sessions: number;
  turns: number;
  /** Calls of theirs that belonged to no session. */
  calls: number;
  segments: number;
}

interface EraseOptions {
  /** Records what is deleted, for the check afterwards. */
  trace?: ErasureTrace;
  /** Sessions that went before, whose copies in backups go as well. */
  formers?: readonly FormerSession[];
}

/**
 * Erases sessions for good: rows, search index and every archived copy. It rewrites each segment once beside the old
 * one. Then the sessions' words leave the search index, slice by slice. One transaction switches to the new segments and
 * leaves tombstones. The old ones are deleted last; their deletion is scheduled, so a crash leaves none. Sessions that are
 * gone already are skipped, but for their copies in backups.
 *
 * @throws ApiError `account_held`, or `session_held` while one is under legal hold; then nothing was erased
 */
export async function eraseSessions(
  { db, turns, search, counters, archivist, lifecycle }: EraseParts,
  sessionIds: readonly string[],
  now: number,
  { trace = newTrace(), formers = [] }: EraseOptions = {},
): Promise<ErasedSessions> {
  const going = () => erasable(db, sessionIds);
  const asked = new Set(sessionIds);
  await traceRows(db, trace, keysOf([...going(), ...formers]));
  const copies = { backups: true, still: going, formers };
  const rewritten = await archivist.withoutSessions(going(), copies);
  await search.forget(keysOf(going()));
  const erased = db.transaction(() => {
    const sessions = going();
    const archived = sessions.filter(({ segment }) => segment !== null);
    counters.changing();
    rewritten.commit();
    trace.archives.push(...rewritten.archives);
    trace.backups.push(...rewritten.backups);
    // An import may be bringing a part of one of them.
    const ids = [...sessionIds, ...formers.map(({ session_id }) => session_id)];
    trace.archives.push(...dropStagedOf(db, ids));
    const gone = { turns: 0, calls: 0 };
    dropKeysOfSessions(db, keysOf(sessions));
    dropFormers(db, keysOf([...formers, ...sessions]));
    for (const { session_id, user_id } of formers) {
      // Another user's first turn there may be begun, and not written yet.
      const isBegun = !asked.has(session_id) && lifecycle.isBusy(session_id);
      if (!isBegun && findSession(db, session_id) === null) bury(db, session_id, user_id, now);
    }
    for (const session of sessions) {
      const held = turns.count(session.key);
      if (session.segment === null) tally(db, [session.key], session.accessed_at, 1);
      const cacheKey = findDetails(db, session.key)?.cache_key;
      if (cacheKey) {
        scheduleDeletion(db, cacheKey);
        trace.cached.push(cacheKey);
      }
      removeSession(db, session, now);
      const isCalls = (session.flags & JOURNAL) !== 0;
      gone[isCalls ? "calls" : "turns"] += session.turns ?? held.turns;
      if (session.segment !== null) continue;
      counters.sessionRemoved(session);
      counters.turnsChanged(-held.turns, -held.messages);
    }
    counters.archivesChanged(-ownSessions(archived).length, 0);
    return {
      sessions: ownSessions(sessions).length,
      archived_sessions: ownSessions(archived).length,
      ...gone,
      segments: rewritten.segments,
    };
  });
  // Without a pause in between: a turn on its way would be settled into what is gone.
  for (const sessionId of sessionIds) lifecycle.drop(sessionId);
  return erased;
}

const keysOf = (sessions: readonly Pick<SessionRow, "key">[]): number[] =>
  sessions.map(({ key }) => key);

function erasable(db: Database, sessionIds: readonly string[]): SessionRow[] {
  checkAccountHold(db);
  const sessions = sessionIds
    .map((sessionId) => findSession(db, sessionId))
    .filter((session) => session !== null);
  for (const session of sessions) checkHold(session);
  return sessions;
}

/** @throws ApiError `session_held` */
export function checkHold({ flags }: Pick<SessionRow, "flags">): void {
  if ((flags & HELD) === 0) return;
  throw new ApiError(
    "session_held",
    "The session is under legal hold: nothing may erase it. Lift the hold first.",
  );
}

export function checkAccountHold(db: Database): void {
  if (!isHeld(db)) return;
  throw new ApiError(
    "account_held",
    "The account is under legal hold: nothing may erase it. Lift the hold first.",
  );
}
