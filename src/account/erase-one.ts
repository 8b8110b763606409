import type { Principal } from "../shared/principal.ts";
import type { Account } from "./account.ts";
import { RETRY_MS } from "./account.ts";
import { eraseSession } from "./archive/erasure/erase-session.ts";
import type { SessionErasure } from "./archive/erasure/erase-session.ts";
import { formersOf } from "./store/erasure/former-sessions.ts";
import { isOwner } from "./store/sessions/session-access.ts";
import { findSession } from "./store/sessions/sessions.ts";
import { isVerified, lookForSessions, newTrace } from "./archive/erasure/places.ts";

/** Erases one session in all its copies. Call it in `account.archiving`. @throws ApiError `session_not_found` */
export async function eraseOne(
  account: Account,
  caller: Principal | null,
  sessionId: string,
  now: number,
): Promise<SessionErasure> {
  const { services } = account;
  // Its archive may have expired, and a backup may have it still. Another user's with the id stays.
  const formers = formersOf(services.db, [sessionId]).filter((each) => isOwner(caller, each));
  const isGone = formers.length > 0 && findSession(services.db, sessionId) === null;
  const key = isGone ? null : account.find(caller, sessionId).key;
  const { user_id, role } = caller ?? {};
  const takesBegun = () =>
    user_id === undefined ||
    services.lifecycle.unwrittenSessionsOf({ user_id, role }).includes(sessionId);
  // From here on the alarm deletes what a crash leaves in R2.
  await account.wakeWithin(RETRY_MS);
  services.quotas.keep(Date.now());
  const trace = newTrace();
  const found = { key, formers, takesBegun };
  const erased = await eraseSession(services, sessionId, now, trace, found);
  account.askForMaintenance();
  await account.clean();
  const places = await lookForSessions({ ...services, cache: account.env.CACHE }, trace);
  return { ...erased, places, verified: isVerified(places) };
}
