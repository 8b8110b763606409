import { seqOf } from "../../../shared/ids.ts";
import type { Database } from "../../../sqlite/database.ts";
import { findSegment } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { sessionsRestoredFrom } from "../../store/archive/backups.ts";
import type { NewPart } from "../../store/archive/session-parts.ts";
import { erasedAt, findSession } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { corrupt } from "../format/record.ts";
import type { SessionRecord } from "../format/record.ts";
import type { ImportParts, OnConflict, RecordImportResult } from "../sessions/bring.ts";
import type { Incoming } from "../sessions/incoming.ts";
import { insertArchivedRecord } from "../sessions/insert-archived.ts";
import { TurnDigests } from "../sessions/turn-digests.ts";
import type { BackupParts } from "./backup-parts.ts";
import { importAll } from "./import-all.ts";
import type { ImportAllOptions } from "./import-all.ts";
import { noteCopy } from "./note-copy.ts";
import { readPart } from "./read-part.ts";

type LargeParts = BackupParts & ImportParts;
export type FinishParts = BackupParts & Pick<ImportParts, "sessionWritten">;

/** A session that goes over several parts of a backup, as far as they were read. */
export interface LargeSession {
  session_id: string;
  places: NewPart[];
  /** Turns of these parts, and of all. */
  turns: number;
  all: number;
}

/**
 * Notes a part of a session that was read.
 *
 * @throws ApiError `archive_corrupt` where it is not the one that comes next
 */
export function noteLarge(
  known: LargeSession[],
  { id }: SegmentRow,
  { session_id, part, turns }: SessionRecord,
): LargeSession {
  const { number = 1, before = 0, all = 0 } = part ?? {};
  if (number === 1) known.push({ session_id, places: [], turns: 0, all });
  const large = known.at(-1);
  const isNext =
    large?.session_id === session_id &&
    large.all === all &&
    large.turns === before &&
    large.places.length === number - 1;
  if (!isNext) throw corrupt(MISSING);
  const [first, last] = [turns[0], turns.at(-1)];
  large.places.push({
    segment: id,
    first_seq: seqOf(first?.id ?? 0),
    last_seq: seqOf(last?.id ?? 0),
  });
  large.turns += turns.length;
  return large;
}

const MISSING = "a part of a session is missing";

export const findLarge = (known: readonly LargeSession[], { id }: SegmentRow) =>
  known.find(({ places }) => places.some(({ segment }) => segment === id));

export const isWhole = ({ turns, all }: LargeSession): boolean => turns === all;

/** @throws ApiError `archive_corrupt` where a part of a session is missing, unless the session was erased meanwhile */
export function checkWhole(db: Database, known: readonly LargeSession[]): void {
  const isBroken = known.some((each) => !isWhole(each) && erasedAt(db, each.session_id) === null);
  if (isBroken) throw corrupt(MISSING);
}

/**
 * Writes a session of several parts as an archived one whose turns the backup has: all of it, or nothing. Where a session
 * with its id is there, all parts are read, to compare the two.
 */
export async function importLarge(
  parts: LargeParts,
  large: LargeSession,
  how: ImportAllOptions,
): Promise<RecordImportResult> {
  const incoming = await largeIncoming(parts, large, how.on_conflict);
  let result: RecordImportResult = { done: "exists", turns: 0 };
  await importAll(parts, [incoming], how, (_, done) => {
    result = done;
    const places = how.onlyCheck ? [] : large.places;
    for (const { segment } of places)
      noteCopy(parts.db, incoming.head, findSegment(parts.db, segment));
  });
  return result;
}

async function largeIncoming(
  parts: LargeParts,
  large: LargeSession,
  onConflict: OnConflict,
): Promise<Incoming> {
  const session = findSession(parts.db, large.session_id);
  const isCompared = session !== null && mayMatter(session, large, onConflict);
  const digests = new TurnDigests();
  let head: Incoming["head"] | null = null;
  for (const { segment } of large.places) {
    const { turns, part: _, ...record } = await readLarge(parts, large, segment);
    head ??= record;
    if (!isCompared) break;
    for (const turn of turns) digests.add(turn);
  }
  if (!head) throw corrupt(MISSING);
  return {
    head,
    turns: large.all,
    isAt: (place, there) => digests.isAt(place, there),
    asksAt: (place, there) => digests.asksAt(place, there),
    seqAt: (place) => digests.seqAt(place),
    insert: (own) => insertLarge(parts, large, own),
    merge: () => {
      throw new Error("a restore merges nothing");
    },
  };
}

/** Whether the turns are compared with those that are there. */
const mayMatter = (
  { turns, segment }: SessionRow,
  { all }: LargeSession,
  onConflict: OnConflict,
): boolean => (onConflict !== "skip" && onConflict !== "fail") || segment === null || turns === all;

async function readLarge(
  parts: LargeParts,
  { session_id }: LargeSession,
  id: number,
): Promise<SessionRecord> {
  const segment = findSegment(parts.db, id);
  const [record] = segment ? await readPart(parts, segment) : [];
  if (record?.session_id !== session_id) throw corrupt(MISSING);
  return record;
}

/** In a transaction. @returns its key */
function insertLarge(
  parts: LargeParts,
  { places, all }: LargeSession,
  head: Incoming["head"],
): number {
  const { counters } = parts;
  const [first] = places;
  if (!first) throw corrupt(MISSING);
  counters.changing();
  const { key, isOwn } = insertArchivedRecord(parts, head, {
    turns: all,
    segment: first.segment,
    member: 0,
    parts: places,
  });
  counters.archivesChanged(isOwn ? 1 : 0, 0);
  return key;
}

/**
 * Brings a session's turns up to that part of the backup into SQLite, where it was written as an archived one. With the
 * last part it is live.
 */
export async function bringLarge(
  { db, archivist, sessionWritten }: FinishParts,
  part: SegmentRow,
  known: readonly LargeSession[],
): Promise<void> {
  const large = findLarge(known, part);
  const session = large && findSession(db, large.session_id);
  if (!session || session.segment !== large.places[0]?.segment) return;
  await archivist.restoreThrough(session, part.id);
  db.transaction(() => sessionWritten(session.accessed_at));
}

/** Brings the sessions back that a restore left in the parts of a backup when it was cut off. */
export async function finishRestores(
  { db, archivist, sessionWritten }: FinishParts,
  backupId: string,
): Promise<void> {
  for (const sessionId of sessionsRestoredFrom(db, backupId)) {
    const session = findSession(db, sessionId);
    if (!session) continue;
    await archivist.restoreThrough(session);
    db.transaction(() => sessionWritten(session.accessed_at));
  }
}
