import type { Principal } from "../../shared/principal.ts";
import type { PageQuery } from "../../sqlite/keyset-page.ts";
import type { Account } from "../account.ts";
import { beginFactExtraction, endFactExtraction } from "../extract-facts.ts";
import { editFact, forgetFact, rememberFact } from "../remember-facts.ts";
import { userFor } from "../store/sessions/session-access.ts";
import { pageFacts } from "../store/sessions/user-facts.ts";
import { userAt } from "../store/whatsapp/addresses.ts";
import { defineFacet, user, worker } from "./facet.ts";

/** The user that the caller names. Any address of a person on WhatsApp names the person. */
const named = ({ services }: Account, caller: Principal | null, userId: string) =>
  userFor(caller, userAt(services.db, userId));

/** What is known of users beside their conversations. */
export const factsFacet = defineFacet({
  list: user.serves((account, caller, userId: string, query: PageQuery) =>
    pageFacts(account.services.db, named(account, caller, userId), query),
  ),

  /** A caller with a role writes for that role. */
  add: user.changes(
    (
      account,
      caller,
      userId: string,
      fact: { text: string; role?: string | undefined },
      now: number,
    ) => {
      const { user_id, role = fact.role } = named(account, caller, userId);
      return rememberFact(account.services, { user_id, role }, fact.text, now);
    },
  ),

  /** What a model takes facts out of. Null when there is nothing to do. */
  beginExtraction: worker.changes(({ services }, turnId: number, models: string[], now: number) =>
    beginFactExtraction(services, turnId, models, now),
  ),

  /** @returns how many facts are stored */
  endExtraction: worker.changes(({ services }, turnId: number, texts: string[], now: number) =>
    endFactExtraction(services, turnId, texts, now),
  ),

  edit: user.changes((account, caller, userId: string, factId: string, text: string, now: number) =>
    editFact(account.services, named(account, caller, userId), factId, text, now),
  ),

  remove: user.changes((account, caller, userId: string, factId: string, now: number) =>
    forgetFact(account.services, named(account, caller, userId), factId, now),
  ),
});
