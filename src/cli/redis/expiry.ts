import type { Kind } from "./kinds.ts";

/**
 * After how many seconds without use the source system lets a kind's keys expire, unless the command says otherwise.
 * LangChain's lists have none: `RedisChatMessageHistory` sets no TTL unless it is told to.
 */
export const SOURCE_TTL_SECONDS: Partial<Record<Kind, number>> = {
  customer: 1_800,
  admin: 1_800,
  conversation: 1_800,
  travel: 900,
};

/**
 * When the source system last used a session: the source's TTL before its keys expire, and never later than now. A
 * session whose keys do not expire, or whose TTL is not known, is live there. It counts as used now.
 *
 * @param expires_at - when each key of the session expires, in ms since the epoch; null: never. The last one counts
 * @param ttlMs - the TTL that the source sets at each use; undefined: not known
 * @returns `isExact` is false where the time is that of reading
 */
export function lastAccess(
  expires_at: readonly (number | null)[],
  ttlMs: number | undefined,
  now: number,
): { at: number; isExact: boolean } {
  const known = expires_at.filter((at) => at !== null);
  const isExpiring = known.length === expires_at.length && known.length > 0;
  const at = isExpiring && ttlMs !== undefined ? Math.max(0, Math.max(...known) - ttlMs) : now;
  return at < now ? { at, isExact: true } : { at: now, isExact: false };
}
