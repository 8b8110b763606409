/** A limit of an outside service: so many calls in any period of so many ms. */
export interface PaceLimit {
  calls: number;
  periodMs: number;
  /** The longest that a call may wait for its turn. */
  maxWaitMs: number;
}

/** The turn of one more call. */
export interface PaceTurn {
  /** How long the call has to wait, in ms; null where that is longer than the limit allows: it has no turn. */
  waitMs: number | null;
  /** When the last calls began or will begin, the oldest first. At most {@link PaceLimit.calls} of them. */
  begins: readonly number[];
}

/**
 * Gives a call the next turn within a limit. Calls begin at once, side by side, until the limit is reached; then each
 * waits until the call that is `calls` before it is a whole period old.
 *
 * @param begins - of the turn before; none at first
 */
export function nextTurn(begins: readonly number[], limit: PaceLimit, now: number): PaceTurn {
  const { calls, periodMs, maxWaitMs } = limit;
  const last = begins.slice(-calls);
  const oldest = last.length === calls ? (last[0] ?? -Infinity) : -Infinity;
  const at = Math.max(now, oldest + periodMs);
  if (at - now > maxWaitMs) return { waitMs: null, begins };
  return { waitMs: at - now, begins: [...last, at].slice(-calls) };
}
