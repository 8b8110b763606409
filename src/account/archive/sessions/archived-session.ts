import type { Database } from "../../../sqlite/database.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import { keysWhenAsked } from "../../store/turns/request-keys.ts";
import type { RequestKeys } from "../../store/turns/request-keys.ts";
import { findSession } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { Archivist } from "./archivist.ts";
import type { Archived, ImportParts, OnConflict } from "./bring.ts";
import { liveTurns } from "./live-record.ts";
import type { ArchivedSession } from "./live-record.ts";
import { whyUnreadable } from "./read-archive.ts";
import type { Unreadable } from "./read-archive.ts";
import { factsIn } from "./record-head.ts";

type ReadParts = Pick<ImportParts, "db" | "archivist" | "turns" | "frames">;

/** A session that comes from outside. */
interface Brought {
  session_id: string;
  turns: { length: number };
}

/**
 * Runs `work` in a transaction, with what is archived of incoming sessions, where that has to be compared or changed, and with
 * the idempotency keys of those that are there. Call it where nothing is being restored.
 *
 * @param before - what is done before that transaction, in others
 */
export async function withArchived<T>(
  parts: ReadParts,
  records: readonly Brought[],
  onConflict: OnConflict,
  work: (archived: Archived, requestKeys: RequestKeys) => T,
  before?: (archived: Archived) => Promise<void>,
): Promise<T> {
  const keys: number[] = [];
  try {
    const archived = await readArchived(parts, records, onConflict, keys);
    await before?.(archived);
    return parts.db.transaction(() =>
      work(
        archived,
        keysWhenAsked(parts.db, () => keysOf(parts.db, records)),
      ),
    );
  } finally {
    // Of those that are live by now, nothing.
    parts.archivist.dropHalfBack(keys);
  }
}

const keysOf = (db: Database, records: readonly Brought[]): number[] =>
  records.flatMap(({ session_id }) => findSession(db, session_id)?.key ?? []);

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
  const archived = new Map<string, ArchivedSession | Unreadable>();
  for (const { session_id, turns } of records) {
    const session = findSession(db, session_id);
    if (session === null || session.segment === null) continue;
    const mayChange = onConflict !== "skip" && onConflict !== "fail";
    if (!mayChange && session.turns !== turns.length) continue;
    const there = await unlessUnreadable(() => readSession(parts, session, parted));
    if (there) archived.set(session_id, there);
  }
  return archived;
}

/**
 * One archive that cannot be read keeps no other session from being brought. It is read twice, as a good copy may take its
 * place: R2, or the way there, may fail once.
 */
async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | Unreadable> {
  for (let isAgain = false; ; isAgain = true) {
    try {
      return await read();
    } catch (error) {
      const why = whyUnreadable(error);
      if (why === null) throw error;
      if (isAgain) return why;
    }
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
