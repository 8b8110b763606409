import { LEASE_MS } from "../account/conversation/session-queue.ts";
import type { OpenTurn } from "../account/conversation/turn-contract.ts";
import { callAccount } from "../account/account-client.ts";

/** In milliseconds. A lease survives one failed renewal. */
const RENEW_MS = LEASE_MS / 3;

/**
 * Renews the turn's lease while the work runs.
 *
 * @param onLost - called when another worker has the lease: the result will not be stored
 * @param every - in milliseconds
 */
export async function keepLease<T>(
  env: Env,
  accountId: string,
  turn: OpenTurn,
  work: () => Promise<T>,
  { onLost, every = RENEW_MS }: { onLost?: () => void; every?: number | undefined } = {},
): Promise<T> {
  const timer = setInterval(() => {
    // The next renewal repeats a failed one; settle finds a lost lease.
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
