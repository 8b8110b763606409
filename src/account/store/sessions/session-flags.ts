/** Bits of `sessions.flags`. */
export const PINNED = 1;
export const HELD = 2;
/** No conversation: a block of the account's journal, for calls from outside of no session, or of a user's facts. */
export const JOURNAL = 4;
/** Archives of sessions with any of these are never deleted. */
export const KEPT = PINNED | HELD;
/** Sessions with any of these are never swept for their age; the journal has a bound of its own. */
export const EXEMPT = KEPT | JOURNAL;

/** No caller's session id has a slash. */
const JOURNAL_PREFIX = "journal/";
export const journalId = (key: number): string => `${JOURNAL_PREFIX}${key}`;
/** The block of the facts that clients wrote of one user: it has no turns, and is never archived. */
const FACTS_PREFIX = "facts/";
/** @param factId - of its first fact: random letters meet no block of another account in an import */
export const factBlockId = (factId: string): string =>
  `${FACTS_PREFIX}${factId.replace("fact_", "")}`;
/** All such ids come from the first of these on, and before the second. */
export const FACT_BLOCK_IDS = [FACTS_PREFIX, "facts0"] as const;
export const isFactBlock = (sessionId: string): boolean => sessionId.startsWith(FACTS_PREFIX);
/** Flags that a session's id implies. */
export function flagsOf(sessionId: string): number {
  if (isFactBlock(sessionId)) return JOURNAL | PINNED;
  return sessionId.startsWith(JOURNAL_PREFIX) ? JOURNAL : 0;
}
/** Those that are anybody's conversation. */
export const ownSessions = <T extends { flags: number }>(sessions: readonly T[]): T[] =>
  sessions.filter(({ flags }) => (flags & JOURNAL) === 0);
