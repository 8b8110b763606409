/** Bits of `sessions.flags`. */
export const PINNED = 1;
export const HELD = 2;
/** A block of the account's journal: calls that were written from outside and belong to no session. */
export const JOURNAL = 4;
/** Archives of sessions with any of these are never deleted. */
export const KEPT = PINNED | HELD;
/** Sessions with any of these are never swept for their age; the journal has a bound of its own. */
export const EXEMPT = KEPT | JOURNAL;

/** No caller's session id has a slash. */
const JOURNAL_PREFIX = "journal/";
export const journalId = (key: number): string => `${JOURNAL_PREFIX}${key}`;
/** Flags that a session's id implies. */
export const flagsOf = (sessionId: string): number =>
  sessionId.startsWith(JOURNAL_PREFIX) ? JOURNAL : 0;
/** Those that are anybody's conversation. */
export const ownSessions = <T extends { flags: number }>(sessions: readonly T[]): T[] =>
  sessions.filter(({ flags }) => (flags & JOURNAL) === 0);
