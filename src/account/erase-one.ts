import type { Principal } from "../shared/principal.ts";
import type { Account } from "./account.ts";
import { RETRY_MS } from "./account.ts";
import { eraseSession } from "./archive/erasure/erase-session.ts";
import type { SessionErasure } from "./archive/erasure/erase-session.ts";
import { isVerified, lookForSessions, newTrace } from "./archive/erasure/places.ts";

/** Erases one session in all its copies. Call it in `account.archiving`. @throws ApiError `session_not_found` */
export async function eraseOne(
  account: Account,
  caller: Principal | null,
  sessionId: string,
  now: number,
): Promise<SessionErasure> {
  account.find(caller, sessionId);
  // From here on the alarm deletes what a crash leaves in R2.
  await account.wakeWithin(RETRY_MS);
  const { services } = account;
  services.quotas.keep(Date.now());
  const trace = newTrace();
  const erased = await eraseSession(services, sessionId, now, trace);
  await account.clean();
  const places = await lookForSessions({ ...services, cache: account.env.CACHE }, trace);
  return { ...erased, places, verified: isVerified(places) };
}
