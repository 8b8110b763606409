import { letOthersRun } from "../../../shared/let-others-run.ts";
import { ApiError } from "../../../shared/errors.ts";
import { isHeld } from "../../store/account/account-values.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { sessionNotFound } from "../../../shared/not-found-errors.ts";
import { tally } from "../../store/usage/roll-up.ts";
import { dropStagedOf } from "../../store/archive/staged-parts.ts";
import { findDetails, findSession, hasFlag, sessionByKey } from "../../store/sessions/sessions.ts";
import { HELD, JOURNAL, ownSessions } from "../../store/sessions/session-flags.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { SearchIndex } from "../../store/turns/search.ts";
import type { Turns } from "../../store/turns/turns.ts";
import type { Archivist } from "../sessions/archivist.ts";
import { deletionSlices, leaveCopies } from "../../store/erasure/deletion-slices.ts";
import { dropRequestKeys, withRequestKeys } from "../../store/turns/request-keys.ts";
import type { RequestKeys } from "../../store/turns/request-keys.ts";
import { bury, removeSession } from "../../store/erasure/drop-session.ts";
import { dropFormers, formersOf } from "../../store/erasure/former-sessions.ts";
import type { FormerSession } from "../../store/erasure/former-sessions.ts";
import { newTrace, traceRows } from "./places.ts";
import type { PlaceReport } from "./place-report.ts";
import type { ErasureTrace } from "./places.ts";

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

/** What an erasure of an id erases, as it was when it was checked that the caller may. */
export interface FoundSession {
  /** The session that has the id; null for none. */
  key: number | null;
  /** Those that had it before. */
  formers: readonly FormerSession[];
  /** Whether a first turn that is begun with the id, and not written, goes as well. */
  takesBegun: () => boolean;
}

const findAll = (db: Database, sessionId: string): FoundSession => ({
  key: findSession(db, sessionId)?.key ?? null,
  formers: formersOf(db, [sessionId]),
  takesBegun: () => true,
});

/**
 * @param found - another session may begin with the id meanwhile: it stays
 * @throws ApiError `session_not_found`, or `session_held` while it is under legal hold
 */
export async function eraseSession(
  parts: EraseParts,
  sessionId: string,
  now: number,
  trace = newTrace(),
  { key, formers, takesBegun }: FoundSession = findAll(parts.db, sessionId),
): Promise<EraseResult> {
  const isThere = key !== null && findSession(parts.db, sessionId)?.key === key;
  const own = isThere ? await eraseSessions(parts, [sessionId], now, { trace }) : null;
  if ((own?.sessions ?? 0) === 0 && formers.length === 0) throw sessionNotFound();
  // A session may have had the id before, and more than once. No damaged copy of it keeps the session itself.
  const before =
    formers.length === 0
      ? null
      : await eraseSessions(parts, [], now, { trace, formers, takesBegun });
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
  /** Whether a first turn that is begun with the id of one of these goes as well. It may be another user's. */
  takesBegun?: () => boolean;
}

/**
 * Erases sessions for good: rows, search index and every archived copy. It rewrites each segment once beside the old
 * one. Then the sessions' words leave the search index, slice by slice, and their rows in transactions of bounded size,
 * which leave tombstones. The last one switches to the new segments. After a crash the sessions that went are former ones,
 * whose copies the same erasure finds. The old segments are deleted last; their deletion is scheduled, so a crash leaves none.
 * An id that no session has is skipped, and a session that begins with it meanwhile stays.
 *
 * @throws ApiError `account_held`, or `session_held` while one is under legal hold: then nothing was erased, but for what went
 *   before the hold came
 */
export async function eraseSessions(
  parts: EraseParts,
  sessionIds: readonly string[],
  now: number,
  { trace = newTrace(), formers = [], takesBegun = () => false }: EraseOptions = {},
): Promise<ErasedSessions> {
  const { db, search, counters, archivist, lifecycle } = parts;
  const asked = keysOf(sessionIds.map((id) => findSession(db, id)).filter((each) => each !== null));
  const going = () => erasable(db, asked);
  await traceRows(db, trace, keysOf([...going(), ...formers]));
  const copies = { backups: true, still: going, formers };
  const rewritten = await archivist.withoutSessions(going(), copies);
  const erased = { sessions: 0, archived_sessions: 0, turns: 0, calls: 0 };
  const gone: number[] = [];
  /** Without a pause after the transaction: a turn on its way would be settled into what is gone. */
  const drop = (sessionIdsOf: readonly string[]) => {
    for (const sessionId of sessionIdsOf) lifecycle.drop(sessionId);
  };
  const deleteSlice = (sessions: readonly SessionRow[]): string[] => {
    counters.changing();
    const done = removeAll(parts, sessions, now, trace);
    for (const name of ["sessions", "archived_sessions", "turns", "calls"] as const)
      erased[name] += done[name];
    const ids = sessions.map(({ session_id }) => session_id);
    // An import may be bringing a part of one of them.
    trace.archives.push(...dropStagedOf(db, ids));
    gone.push(...keysOf(sessions));
    return ids;
  };
  const deletion = async (requestKeys: RequestKeys): Promise<void> => {
    const slices = await deletionSlices(db, keysOf(going()));
    const last = slices.pop() ?? [];
    for (const keys of slices) {
      drop(
        db.transaction(() => {
          const sessions = erasable(db, asked, keys);
          for (const session of sessions) leaveCopies(db, session);
          dropRequestKeys(db, requestKeys, keysOf(sessions));
          return deleteSlice(sessions);
        }),
      );
      await letOthersRun();
    }
    drop(
      db.transaction(() => {
        const ids = deleteSlice(erasable(db, asked, last));
        rewritten.commit();
        trace.archives.push(...rewritten.archives);
        trace.backups.push(...rewritten.backups);
        const all = [...keysOf(formers), ...gone];
        // Also those of requests that came since the slices began.
        dropRequestKeys(db, requestKeys, all);
        dropFormers(db, all);
        const buried = buryFormers(parts, formers, takesBegun, now);
        trace.archives.push(...dropStagedOf(db, buried));
        return [...buried, ...ids];
      }),
    );
  };
  await search.forget(keysOf(going()), () =>
    withRequestKeys(db, [...asked, ...keysOf(formers)], deletion),
  );
  return { ...erased, segments: rewritten.segments };
}

/** In a transaction. @returns the ids that no session has */
function buryFormers(
  { db, lifecycle }: EraseParts,
  formers: readonly FormerSession[],
  takesBegun: () => boolean,
  now: number,
): string[] {
  const buried: string[] = [];
  for (const { session_id, user_id } of formers) {
    // Another user's first turn there may be begun, and not written yet.
    const isBegun = lifecycle.isBusy(session_id) && !takesBegun();
    if (isBegun || findSession(db, session_id) !== null) continue;
    bury(db, session_id, user_id, now);
    buried.push(session_id);
  }
  return buried;
}

/** Deletes the rows of sessions, in a transaction. */
function removeAll(
  { db, turns, counters }: EraseParts,
  sessions: readonly SessionRow[],
  now: number,
  trace: ErasureTrace,
): Omit<ErasedSessions, "segments"> {
  const counted = { turns: 0, calls: 0 };
  for (const session of sessions) {
    const held = turns.count(session.key);
    if (session.segment === null) tally(db, [session.key], session.accessed_at, 1);
    const cacheKey = findDetails(db, session.key)?.cache_key;
    if (cacheKey) trace.cached.push(cacheKey);
    removeSession(db, session, now);
    const isCalls = (session.flags & JOURNAL) !== 0;
    counted[isCalls ? "calls" : "turns"] += session.turns ?? held.turns;
    if (session.segment !== null) continue;
    counters.sessionRemoved(session);
    counters.turnsChanged(-held.turns, -held.messages);
  }
  const archived = ownSessions(sessions.filter(({ segment }) => segment !== null)).length;
  counters.archivesChanged(-archived, 0);
  return { sessions: ownSessions(sessions).length, archived_sessions: archived, ...counted };
}

const keysOf = (sessions: readonly Pick<SessionRow, "key">[]): number[] =>
  sessions.map(({ key }) => key);

/**
 * @param keys - of all sessions of the erasure
 * @param some - those that are asked for
 * @throws ApiError `account_held`, or `session_held` where any session of the erasure is held
 */
function erasable(db: Database, keys: readonly number[], some = keys): SessionRow[] {
  checkAccountHold(db);
  if (hasFlag(db, keys, HELD)) throw sessionHeld();
  return some.map((key) => sessionByKey(db, key)).filter((session) => session !== null);
}

/** @throws ApiError `session_held` */
export function checkHold({ flags }: Pick<SessionRow, "flags">): void {
  if ((flags & HELD) !== 0) throw sessionHeld();
}

const sessionHeld = () =>
  new ApiError(
    "session_held",
    "The session is under legal hold: nothing may erase it. Lift the hold first.",
  );

export function checkAccountHold(db: Database): void {
  if (!isHeld(db)) return;
  throw new ApiError(
    "account_held",
    "The account is under legal hold: nothing may erase it. Lift the hold first.",
  );
}
