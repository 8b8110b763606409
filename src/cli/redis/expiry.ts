/**
 * When a session of a key that expires was last accessed, so that it expires when its key would have; null where the
 * key does not.
 *
 * @param expires_at - of the keys of the session: the last one counts; ms since the epoch
 * @param idleMs - after how long unused the target lets a session expire
 */
export function accessedAt(expires_at: readonly (number | null)[], idleMs: number): number | null {
  const known = expires_at.filter((at) => at !== null);
  // A part of it that stays is the session, staying.
  if (known.length < expires_at.length || known.length === 0) return null;
  return Math.max(0, Math.max(...known) - idleMs);
}
