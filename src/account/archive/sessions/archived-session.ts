import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import { findSession } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { Archivist } from "./archivist.ts";
import type { ImportParts, OnConflict } from "./bring.ts";
import { liveTurns } from "./live-record.ts";
import type { ArchivedSession } from "./live-record.ts";
import { factsIn } from "./record-head.ts";

/** What is archived of incoming sessions, by their ids. */
type Archived = Map<string, ArchivedSession | "damaged">;

type ReadParts = Pick<ImportParts, "db" | "archivist" | "turns" | "frames">;

/** A session that comes from outside. */
interface Brought {
  session_id: string;
  turns: { length: number };
}

/**
 * Runs `work` in a transaction, with what is archived of incoming sessions, where that has to be compared or changed. Call
 * it where nothing is being restored.
 */
export async function withArchived<T>(
  parts: ReadParts,
  records: readonly Brought[],
  onConflict: OnConflict,
  work: (archived: Archived) => T,
): Promise<T> {
  const keys: number[] = [];
  try {
    const archived = await readArchived(parts, records, onConflict, keys);
    return parts.db.transaction(() => work(archived));
  } finally {
    // Of those that are live by now, nothing.
    parts.archivist.dropHalfBack(keys);
  }
}

/**
 * Reads the archives of incoming sessions. A session in several parts may be more than fits into memory: its turns are in
 * SQLite then.
 *
 * @param parted - gets the keys of sessions whose turns are in SQLite
 */
export async function readArchived(
  parts: ReadParts,
  records: readonly Brought[],
  onConflict: OnConflict,
  parted: number[] = [],
): Promise<Archived> {
  const { db } = parts;
  const archived: Archived = new Map();
  for (const { session_id, turns } of records) {
    const session = findSession(db, session_id);
    if (session === null || session.segment === null) continue;
    const mayChange = onConflict !== "skip" && onConflict !== "fail";
    if (!mayChange && session.turns !== turns.length) continue;
    const there = await unlessDamaged(readSession(parts, session, parted));
    if (there) archived.set(session_id, there);
  }
  return archived;
}

/** One damaged archive keeps no other session from being brought. */
async function unlessDamaged<T>(reading: Promise<T>): Promise<T | "damaged"> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ApiError && error.code === "archive_corrupt") return "damaged";
    throw error;
  }
}

/** Null: another call brought it back meanwhile, or it was erased. */
async function readSession(
  parts: ReadParts,
  session: SessionRow,
  parted: number[],
): Promise<ArchivedSession | null> {
  const { db, archivist } = parts;
  if (partsOf(db, session).length === 1) return wholeSession(db, archivist, session);
  parted.push(session.key);
  const head = await archivist.turnsOf(session).head();
  if (!(await archivist.bringParts(session))) return null;
  return {
    head: { ...head, ...factsIn(db, session.key) },
    turns: () => liveTurns(parts, session.key),
    isThere: (current) => partsOf(db, current).every(({ isBack }) => isBack),
    comeBack: (current, now) => archivist.makeLive(current, now),
  };
}

async function wholeSession(
  db: Database,
  archivist: Archivist,
  session: SessionRow,
): Promise<ArchivedSession> {
  const record = await archivist.readWhole(session, Infinity);
  const { turns, ...head } = record;
  return {
    head: { ...head, ...factsIn(db, session.key) },
    turns: () => turns,
    isThere: () => true,
    comeBack: (current, now) => archivist.bringBack(current, record, now),
  };
}
