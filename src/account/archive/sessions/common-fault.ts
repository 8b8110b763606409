import { isStorageFull } from "../../../shared/storage-full.ts";

/** Sessions. Where fewer are tried and all fail, each is taken for damaged itself: it stays live, and others are tried. */
const MIN_SESSIONS = 10;
/** Codes of SQLite that are of the whole database. SQLITE_CORRUPT may be of a single page. */
const OF_STORAGE = /SQLITE_(IOERR|NOMEM|READONLY|CANTOPEN)/;

/** Ends the whole sweep where an error is not the session's own: others would fail as well. @throws the error */
export function checkOwnFault(error: unknown): void {
  const isOfStorage = error instanceof Error && OF_STORAGE.test(error.message);
  if (isOfStorage || isStorageFull(error)) throw error;
}

/**
 * Ends the whole sweep where all of many sessions fail: the fault is not theirs.
 *
 * @throws the first of the errors
 */
export function checkOwnFaults(errors: readonly unknown[], succeeded: number): void {
  if (succeeded === 0 && errors.length >= MIN_SESSIONS) throw errors[0];
}
