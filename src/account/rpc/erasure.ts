import { RETRY_MS } from "../account.ts";
import { checkErasable } from "../archive/erasure/erase-account.ts";
import { eraseUser } from "../archive/erasure/erase-user.ts";
import { isVerified, namesOf } from "../archive/erasure/places.ts";
import { eraseAccount } from "../erase-account.ts";
import { forgetJobs } from "../forget-jobs.ts";
import { eraseOne } from "../erase-one.ts";
import { userFor } from "../store/sessions/session-access.ts";
import { userAt } from "../store/whatsapp/addresses.ts";
import { defineFacet, user, worker } from "./facet.ts";

/** Erasure for good, with a receipt. */
export const erasureFacet = defineFacet({
  eraseSession: user.serves((account, caller, sessionId: string, now: number) =>
    account.archiving.run(() => eraseOne(account, caller, sessionId, now)),
  ),

  eraseUser: user.serves((account, caller, userId: string, now: number) =>
    account.archiving.run(async () => {
      const { services } = account;
      // Any address of a person on WhatsApp names the whole person.
      const erased = userFor(caller, userAt(services.db, userId));
      await account.wakeWithin(RETRY_MS);
      services.quotas.keep(Date.now());
      const parts = { ...services, cache: account.env.CACHE, clean: () => account.clean() };
      const receipt = await eraseUser(parts, erased, now);
      account.askForMaintenance();
      const places = [...receipt.places, await forgetJobs(account, erased.user_id)];
      return { ...receipt, places, where: namesOf(places), verified: isVerified(places) };
    }),
  ),

  /**
   * Erases the account: objects, directory entry, rows. From the first step on nothing is taken in that would be lost
   * again, nor a hold that would not hold. The alarm finishes what a crash cuts off.
   */
  eraseAccount: worker.serves((account) => {
    if (!account.isErasing) {
      checkErasable(account.services.db);
      account.beginErasing();
    }
    return account.archiving.run(() => eraseAccount(account));
  }),
});
