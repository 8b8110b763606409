import { ApiError } from "../../../shared/errors.ts";
import type { Database } from "../../../sqlite/database.ts";
import { findSegment } from "../../store/archive/archives.ts";
import { findDetails } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { forgetArchivedTurns } from "../../store/turns/indexed-turns.ts";
import { dropOldIndex } from "../../store/turns/index-version.ts";
import { turnsInParts } from "../../store/turns/search-parts.ts";
import { recordLines } from "../format/record-lines.ts";
import { RecordReader, corrupt } from "../format/record.ts";
import type { SessionRecord } from "../format/record.ts";
import { parseMembers } from "../format/segment.ts";
import type { Keyring } from "../storage/keyring.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { recordDetails } from "./record-head.ts";

export interface ReadArchiveParts {
  db: Database;
  store: ObjectStore;
  keyring: Keyring;
}

/**
 * An archived session: its turns as they lie in R2, its details as they were last set, archived or not.
 *
 * @throws ApiError `archive_corrupt` unless every byte is as it was written, `archive_unavailable` when R2 is away
 */
export async function readArchive(
  parts: ReadArchiveParts,
  session: SessionRow,
): Promise<SessionRecord> {
  const { db, store, keyring } = parts;
  const segment = session.segment === null ? null : findSegment(db, session.segment);
  if (!segment) throw new ApiError("archive_not_found", "There is no archive of this session.");
  const reader = new RecordReader(session.session_id);
  try {
    for (const member of parseMembers(segment.members).slice(session.member ?? 0)) {
      const record = reader.read(
        await store.readMember(segment.object_key, member, (bytes) => keyring.open(bytes)),
      );
      if (!record) continue;
      const { repaired: _, ...whole } = record;
      return { ...whole, ...recordDetails(findDetails(db, session.key)) };
    }
  } catch (error) {
    // Rewritten meanwhile, because another session in it was erased: it lies in the new object now.
    if (findSegment(db, segment.id)?.object_key !== segment.object_key)
      return readArchive(parts, session);
    throw error;
  }
  throw corrupt("it ends before its last turn");
}

/** {@link readArchive} for callers that need the record in one piece. @throws ApiError `archive_too_large` past `bytes` of text */
export async function readWholeArchive(
  parts: ReadArchiveParts,
  session: SessionRow,
  bytes: number,
): Promise<SessionRecord> {
  const record = await readArchive(parts, session);
  const lines = recordLines(record);
  // Between isolates a character that is not Latin takes two bytes, and the others of its text with it.
  if (2 * lines.reduce((total, { length }) => total + length, 0) <= bytes) return record;
  throw new ApiError(
    "archive_too_large",
    "The archive is too large for one reply. Page through /sessions/{id}/turns, which reads archives too.",
  );
}

/** Removes archived sessions from the search index. Their words are read for it: the index has no copy of them. */
export async function unindex(
  parts: ReadArchiveParts,
  sessions: readonly SessionRow[],
): Promise<void> {
  const { db } = parts;
  for (const session of sessions) {
    if (session.segment === null) continue;
    // Its first turn may be long, and half indexed.
    if (session.indexed === 0 && turnsInParts(db, [session.key]).length === 0) continue;
    if (db.transaction(() => dropOldIndex(db))) continue;
    const { turns } = await readArchive(parts, session);
    db.transaction(() => forgetArchivedTurns(db, session, turns));
  }
}
