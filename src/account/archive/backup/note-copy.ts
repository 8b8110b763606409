import type { Database } from "../../../sqlite/database.ts";
import { recordCopiesUnder, recordCopyIn } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { findSession } from "../../store/sessions/sessions.ts";
import type { SessionRecord } from "../format/record.ts";

/**
 * A part of a backup that was read has a copy of the session, which may have another key by now. Then other backups have
 * copies under the former key, too. In a transaction, so that erasing the session finds them, and a hold protects them.
 */
export function noteCopy(
  db: Database,
  { session_id, key }: Pick<SessionRecord, "session_id" | "key">,
  part: SegmentRow | null,
): void {
  const session = findSession(db, session_id);
  if (!session || !part) return;
  recordCopyIn(db, session.key, part);
  if (key > 0) recordCopiesUnder(db, session.key, key);
}
