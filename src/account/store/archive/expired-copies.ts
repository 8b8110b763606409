import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** See {@link segmentsWithExpired}. */
    expired_copies: number[];
  }
}

/**
 * Segments of which some expired sessions are deleted, and whose objects have copies of them until they are rewritten. After
 * a crash, or where a session was pinned or held in between, the next maintenance rewrites them.
 */
export const segmentsWithExpired = (db: Database): number[] =>
  readValue(db, "expired_copies") ?? [];

/** In the transaction that deletes the first of the sessions, where others follow in transactions of their own. */
export function noteExpiredCopies(db: Database, segment: number): void {
  const segments = segmentsWithExpired(db);
  if (!segments.includes(segment)) writeValue(db, "expired_copies", [...segments, segment]);
}

/** In the transaction that switches to the segment without them. */
export function forgetExpiredCopies(db: Database, segment: number): void {
  const segments = segmentsWithExpired(db);
  const others = segments.filter((each) => each !== segment);
  if (others.length === segments.length) return;
  if (others.length > 0) writeValue(db, "expired_copies", others);
  else deleteValue(db, "expired_copies");
}
