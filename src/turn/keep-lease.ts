import { LEASE_MS } from "../account/conversation/session-queue.ts";
import type { OpenTurn } from "../account/conversation/turn-contract.ts";
import { callAccount } from "../account/account-client.ts";

/** Often enough that one lost renewal costs no lease. */
export const RENEW_MS = LEASE_MS / 3;

/**
 * Renews the turn's lease for as long as the work takes.
 *
 * @param how.onLost - called when the turn has lost its place: what comes of the work will not be kept
 * @param how.every - in milliseconds
 */
export async function keepingLease<T>(
  env: Env,
  accountId: string,
  turn: OpenTurn,
  work: () => Promise<T>,
  { onLost, every = RENEW_MS }: { onLost?: () => void; every?: number | undefined } = {},
): Promise<T> {
  const timer = setInterval(() => {
    // A renewal that fails is tried again by the next one; a lost lease is found by settle.
    callAccount(env, accountId, (account) => account.turns.renew(turn))
      .then((isMine) => isMine || onLost?.())
      .catch(() => undefined);
  }, every);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
