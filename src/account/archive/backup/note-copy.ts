import type { Database } from "../../../sqlite/database.ts";
import { recordCopyIn } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { findSession } from "../../store/sessions/sessions.ts";

/**
 * A part of a backup that was read has a copy of the session, which may have another key by now. In a transaction, so that
 * erasing the session finds the copy.
 */
export function noteCopy(db: Database, sessionId: string, part: SegmentRow | null): void {
  const session = findSession(db, sessionId);
  if (session && part) recordCopyIn(db, session.key, part);
}
