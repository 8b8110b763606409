import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** See {@link segmentsWithExpired}. */
    expired_copies: number[];
    /** See {@link noteFailedCopies}. */
    copies_failed: number;
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

/** Those that the maintenance of this time is to rewrite: none, where it could not rewrite one of them in an earlier step. */
export const copiesToRewrite = (db: Database, now: number): number[] =>
  readValue(db, "copies_failed") === now ? [] : segmentsWithExpired(db);

/** All steps of a maintenance have the time of its first one. The next maintenance tries all segments again. */
export function noteFailedCopies(db: Database, now: number): void {
  if (readValue(db, "copies_failed") !== now) writeValue(db, "copies_failed", now);
}

/** In the transaction that switches to the segment without them. */
export function forgetExpiredCopies(db: Database, segment: number): void {
  const segments = segmentsWithExpired(db);
  const others = segments.filter((each) => each !== segment);
  if (others.length === segments.length) return;
  if (others.length > 0) return writeValue(db, "expired_copies", others);
  deleteValue(db, "expired_copies");
  deleteValue(db, "copies_failed");
}
