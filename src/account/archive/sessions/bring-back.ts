import { seqOf } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import { bringState, dropStates } from "../../store/sessions/session-state.ts";
import {
  findSession,
  firstTurnOf,
  putDetails,
  sessionByKey,
} from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { findSegment, markLive, recordStaleCopy } from "../../store/archive/archives.ts";
import { ownSessions } from "../../store/sessions/session-flags.ts";
import { dropParts, halfBack, notePart, partsOf } from "../../store/archive/session-parts.ts";
import { dropFrames } from "../../store/turns/system-prompts.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { tally } from "../../store/usage/roll-up.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { bringFrames } from "../format/frames.ts";
import type { SessionRecord } from "../format/record.ts";
import { countMessages } from "./compress-sessions.ts";
import { insertCalls, tallyBrought } from "./insert-record.ts";
import { readPart } from "./read-archive.ts";
import type { ReadArchiveParts } from "./read-archive.ts";

export interface BringBackParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  counters: Counters;
  /** Called in the transaction that brings a session's turns back. */
  turnsWritten: (sessionKey: number) => void;
}

/** Ends with the part that lies in a segment, or with the last one. */
interface Through {
  through?: number | undefined;
}

/**
 * Brings an archived session back, part by part: a transaction each. The last one makes the session live, too. After a
 * failure the next call goes on after the last part that came. Until then the session is archived, and is read from R2.
 *
 * @returns how many turns came back; null where another call was faster, or the session was erased
 */
export async function restoreParts(
  parts: BringBackParts & ReadArchiveParts,
  session: SessionRow,
  now: number,
  { through }: Through = {},
): Promise<number | null> {
  const atEnd = (current: SessionRow) => makeWholeLive(parts, current, now);
  const isDone = await bringParts(parts, session, { through, atEnd });
  return isDone ? (session.turns ?? 0) : null;
}

/**
 * Brings all parts of an archived session into SQLite. It stays archived, unless `atEnd` changes that.
 *
 * @param atEnd - called in the transaction that brings the last part
 * @returns false where another call was faster, or the session was erased
 */
export async function bringParts(
  parts: BringBackParts & ReadArchiveParts,
  session: SessionRow,
  { through, atEnd = () => undefined }: Through & { atEnd?: (current: SessionRow) => void } = {},
): Promise<boolean> {
  const { db } = parts;
  const places = partsOf(db, session);
  for (const place of places) {
    const record = place.isBack ? null : await readPart(parts, session, place);
    const isThere = db.transaction(() => {
      const current = findSession(db, session.session_id);
      if (!current || current.segment !== session.segment) return false;
      if (record) bringTurns(parts, current, record);
      notePart(db, session.key, place.part, true);
      if (place === places.at(-1)) atEnd(current);
      return true;
    });
    if (!isThere) return false;
    if (place.segment === through) break;
  }
  return true;
}

/** In a transaction: all turns of the session are in SQLite. */
export function makeWholeLive(parts: BringBackParts, session: SessionRow, now: number): void {
  const [last] = parts.turns.list(session.key, { order: "desc", limit: 1, heads: true });
  makeLive(parts, session, { last, count: session.turns ?? 0 }, now);
}

/** In a transaction: the archived session is live, with what was read of its archive. */
export function bringBack(
  parts: BringBackParts,
  session: SessionRow,
  record: SessionRecord,
  now: number,
): void {
  bringTurns(parts, session, record);
  const { turns } = record;
  makeLive(parts, session, { last: turns.at(-1), count: turns.length }, now);
}

/** In a transaction: turns of an archived session are in SQLite. */
function bringTurns(
  { db, turns, frames, counters }: BringBackParts,
  session: SessionRow,
  record: SessionRecord,
): void {
  counters.changing();
  const isRestored = isOfBackup(db, session);
  const own = isRestored ? insertCalls({ db, turns }, record.turns) : record.turns;
  if (!isRestored) turns.insertAll(own);
  bringFrames(frames, session.key, record);
  if (record.state) bringState(db, session.key, JSON.stringify(record.state));
  counters.turnsChanged(own.length, countMessages(own));
}

/**
 * Whether a backup has the session's turns, and no archive: it is being restored from there. Neither the ids of its calls
 * nor its days are known yet.
 */
export const isOfBackup = (db: Database, { segment }: SessionRow): boolean =>
  segment !== null && (findSegment(db, segment)?.backup_id ?? null) !== null;

/** In a transaction, once all turns of the session are in SQLite. */
function makeLive(
  { db, counters, turnsWritten }: BringBackParts,
  session: SessionRow,
  { last, count }: { last: Turn | undefined; count: number },
  now: number,
): void {
  const { key } = session;
  const missing = last ? seqOf(last.id) - count : 0;
  const isRestored = isOfBackup(db, session);
  counters.changing();
  if (missing > 0) putDetails(db, key, { missing });
  turnsWritten(key);
  for (const { segment } of partsOf(db, session)) recordStaleCopy(db, key, segment);
  dropParts(db, key);
  // An imported turn may be of any time. A session was accessed no earlier than its last turn, also once another one comes.
  const accessed_at = Math.max(now, last?.created_at ?? 0);
  markLive(db, key, accessed_at);
  if (isRestored) tallyBrought(db, key, now);
  else tally(db, [key], last?.created_at ?? 0, -1);
  counters.sessionAdded({ ...session, accessed_at });
  counters.archivesChanged(-ownSessions([session]).length, 0);
}

/**
 * Deletes the turns of sessions that are archived and came back in part. Call it where nothing is being restored.
 *
 * @param keys - of these sessions; null: of all
 */
export function dropHalfBack(
  { db, turns, counters }: Pick<BringBackParts, "db" | "turns" | "counters">,
  keys: readonly number[] | null = null,
): void {
  for (const key of halfBack(db, keys))
    db.transaction(() => {
      const session = sessionByKey(db, key);
      const held = turns.count(key);
      counters.changing();
      turns.remove([firstTurnOf(key), firstTurnOf(key + 1)]);
      dropFrames(db, [key]);
      dropStates(db, [key]);
      if (session) for (const { part } of partsOf(db, session)) notePart(db, key, part, false);
      counters.turnsChanged(-held.turns, -held.messages);
    });
}
