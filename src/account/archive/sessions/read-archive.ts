import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import { findSegment } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { beginForgetting } from "../../store/archive/archived-words.ts";
import { partsOf } from "../../store/archive/session-parts.ts";
import type { ArchivedPart } from "../../store/archive/session-parts.ts";
import { seqOf } from "../../../shared/ids.ts";
import { findDetails, sessionByKey } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { forgetArchivedTurns } from "../../store/turns/forget-slices.ts";
import { forgetUnreadTurns } from "../../store/turns/forget-unread.ts";
import { dropOldIndex, dropOldVolumes } from "../../store/turns/index-version.ts";
import { turnsInParts } from "../../store/turns/search-parts.ts";
import { recordLines } from "../format/record-lines.ts";
import { RecordReader, corrupt } from "../format/record.ts";
import type { SessionRecord } from "../format/record.ts";
import { parseMembers } from "../format/segment.ts";
import type { Keyring } from "../storage/keyring.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { underKey } from "./insert-record.ts";
import { recordDetails } from "./record-head.ts";

export interface ReadArchiveParts {
  db: Database;
  store: ObjectStore;
  keyring: Keyring;
}

/**
 * A part of an archived session: its turns as they lie in R2, its details as they were last set, archived or not. Only
 * the first part has the state.
 *
 * @throws ApiError `archive_corrupt` unless every byte is as it was written, `archive_unavailable` when R2 is away
 */
export async function readPart(
  parts: ReadArchiveParts,
  session: SessionRow,
  place: ArchivedPart,
): Promise<SessionRecord> {
  const { db } = parts;
  const segment = findSegment(db, place.segment);
  if (!segment) throw noArchive();
  try {
    const read = await readRecord(parts, segment, session, place.member);
    // What SQLite keeps of it, and may have erased since.
    const { part, repaired: _, user_facts: _facts, versions: _versions, ...record } = read;
    if (part && part.number !== place.part) throw corrupt("it holds another part of its session");
    // Its own key was taken when it was found or restored.
    const own = record.key === session.key ? record : underKey(record, session.key);
    return { ...own, ...recordDetails(findDetails(db, session.key)) };
  } catch (error) {
    // Rewritten meanwhile, because another session in it was erased: it lies in the new object now.
    const now = findSegment(db, place.segment);
    if (now && now.object_key !== segment.object_key) return readPart(parts, session, place);
    throw error;
  }
}

async function readRecord(
  { store, keyring }: ReadArchiveParts,
  segment: SegmentRow,
  session: SessionRow,
  member: number,
): Promise<SessionRecord> {
  const reader = new RecordReader(session.session_id);
  for (const each of parseMembers(segment.members).slice(member)) {
    const record = reader.read(
      await store.readMember(segment.object_key, each, (bytes) => keyring.open(bytes)),
    );
    if (record) return record;
  }
  throw corrupt("it ends before its last turn");
}

const noArchive = (): ApiError =>
  new ApiError("archive_not_found", "There is no archive of this session.");

/** The parts of an archived session, one after the other. @throws ApiError like {@link readPart} */
export async function* readParts(
  parts: ReadArchiveParts,
  session: SessionRow,
): AsyncGenerator<SessionRecord> {
  const all = partsOf(parts.db, session);
  if (all.length === 0) throw noArchive();
  for (const part of all) yield await readPart(parts, session, part);
}

/**
 * An archived session as one record, for callers that need it in one piece.
 *
 * @param bytes - the most that it takes between isolates
 * @throws ApiError `archive_too_large` past so much, as soon as that shows
 */
export async function readWholeArchive(
  parts: ReadArchiveParts,
  session: SessionRow,
  bytes: number,
): Promise<SessionRecord> {
  let whole: SessionRecord | null = null;
  let length = 0;
  for await (const record of readParts(parts, session)) {
    // Between isolates a character that is not Latin takes two bytes, and the others of its text with it.
    length += 2 * recordLines(record).reduce((total, line) => total + line.length, 0);
    if (length > bytes) throw tooLarge();
    if (!whole) whole = record;
    else {
      whole.turns.push(...record.turns);
      whole.frames = { ...whole.frames, ...record.frames };
    }
  }
  if (!whole) throw noArchive();
  return whole;
}

const tooLarge = (): ApiError =>
  new ApiError(
    "archive_too_large",
    "The archive is too large for one reply. Page through /sessions/{id}/turns, which reads archives too.",
  );

/** `locked`: the deployment lacks the key. With that, the archive can be read again. */
export type Unreadable = "damaged" | "locked";

/** Why an archive will not be read the next time, either. Null: that is not said. */
export function whyUnreadable(error: unknown): Unreadable | null {
  if (!(error instanceof ApiError)) return null;
  if (error.code === "archive_locked") return "locked";
  return error.code === "archive_corrupt" ? "damaged" : null;
}

/**
 * Removes archived sessions from the search index, slice by slice. Their words are read for it: the index has them in no
 * order. Only where archives cannot be read, they are looked for in the whole index, at the end. The last turns go first, so that
 * a failure leaves the index as it says that it is. Until the caller has dropped the sessions, their segments count as not indexed: after a failure or a crash, what stays is indexed again.
 *
 * @returns those segments, each with how far it was indexed: `noteIndexed` puts that back
 */
export async function unindex(
  parts: ReadArchiveParts,
  sessions: readonly SessionRow[],
): Promise<Map<number, number | null>> {
  const { db } = parts;
  const before = new Map<number, number | null>();
  const unread: number[] = [];
  await dropOldVolumes(db);
  for (const { key } of sessions) {
    const session = sessionByKey(db, key);
    if (!session || session.segment === null) continue;
    // Its first turn may be long, and half indexed.
    if (session.indexed === 0 && turnsInParts(db, [key]).length === 0) continue;
    const places = partsOf(db, session);
    const wasEmptied = db.transaction(() => {
      if (dropOldIndex(db)) return true;
      for (const { segment } of places)
        if (!before.has(segment)) before.set(segment, beginForgetting(db, segment));
      return false;
    });
    if (wasEmptied) continue;
    try {
      for (const part of places.toReversed()) {
        const { turns } = await readPart(parts, session, part);
        await forgetArchivedTurns(db, key, turns, part.part === 1 ? 0 : seqOf(part.first) - 1);
      }
    } catch (error) {
      if (whyUnreadable(error) === null) throw error;
      unread.push(key);
    }
  }
  await forgetUnreadTurns(db, unread);
  return before;
}
