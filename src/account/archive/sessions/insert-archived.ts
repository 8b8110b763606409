import { insertParts } from "../../store/archive/session-parts.ts";
import type { NewPart } from "../../store/archive/session-parts.ts";
import { asFormer, noteBack } from "../../store/erasure/former-sessions.ts";
import { insertHeldVersions } from "../../store/sessions/held-versions.ts";
import { ownSessions } from "../../store/sessions/session-flags.ts";
import { insertArchived, putDetails } from "../../store/sessions/sessions.ts";
import { insertFacts } from "../../store/sessions/user-facts.ts";
import type { SessionRecord } from "../format/record.ts";
import { flagsOfRecord, recordColumns } from "./insert-record.ts";
import type { InsertParts } from "./insert-record.ts";

/** Where the turns of a session lie that SQLite does not know. */
export interface ArchivedPlaces {
  turns: number;
  /** The segment in which it begins, and the member there. */
  segment: number;
  member: number;
  /** Its parts, in their order; none where it lies in one segment. */
  parts: readonly NewPart[];
}

/**
 * In a transaction: writes a session whose turns lie in R2. Its state stays there until the session is restored.
 *
 * @returns its key, and whether it is one of the account's own sessions
 */
export function insertArchivedRecord(
  { db, sessionKeys }: Pick<InsertParts, "db" | "sessionKeys">,
  record: Omit<SessionRecord, "turns">,
  { turns, segment, member, parts }: ArchivedPlaces,
): { key: number; isOwn: boolean } {
  const { session_id, created_at, accessed_at } = record;
  const own = asFormer(db, record);
  const key = sessionKeys.claim(own);
  noteBack(db, key);
  const flags = flagsOfRecord(record);
  const row = { key, session_id, created_at, accessed_at, flags, segment, member, turns };
  insertArchived(db, row);
  insertParts(db, key, parts);
  const { state: _, ...details } = own;
  putDetails(db, key, recordColumns(details, key));
  insertHeldVersions(db, key, record.versions ?? []);
  insertFacts(db, key, record.user_facts ?? []);
  return { key, isOwn: ownSessions([row]).length > 0 };
}
