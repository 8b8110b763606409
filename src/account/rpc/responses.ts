import { settingsIn } from "../../openai/responses/response.ts";
import { ApiError } from "../../shared/errors.ts";
import { settledView } from "../../shared/turn.ts";
import type { PageQuery } from "../../sqlite/keyset-page.ts";
import { checkAccountHold } from "../archive/erasure/erase-session.ts";
import { completionIn, listCompletions } from "../conversation/read-completions.ts";
import type { CompletionFilter } from "../store/sessions/stored-completions.ts";
import type { RequestKeys } from "../store/turns/request-keys.ts";
import { removeResponse } from "../conversation/remove-item.ts";
import { eraseOne } from "../erase-one.ts";
import { findDetails } from "../store/sessions/sessions.ts";
import { defineFacet, user } from "./facet.ts";

/** Responses and chat completions as `/v1` names them. */
export const responsesFacet = defineFacet({
  /** Reads an archived session's response from R2. */
  get: user.serves(({ responses }, caller, turnId: number, now: number) =>
    responses.find(caller, turnId, now),
  ),

  /** The turn that a session waits for, or null. */
  current: user.serves(({ responses }, caller, sessionId: string) =>
    responses.current(caller, sessionId, Date.now()),
  ),

  /** A response, and its pieces from a number on. Waits a while for a new piece. */
  follow: user.serves(({ responses }, caller, turnId: number, from: number) =>
    responses.follow(caller, turnId, from, Date.now),
  ),

  /**
   * Deletes a response. A conversation that its request named keeps its items. Otherwise the response is erased, and
   * its session with its only response. Brings an archived session back first.
   */
  delete: user.changes(async (account, caller, turnId: number, now: number): Promise<void> => {
    checkAccountHold(account.services.db);
    const { session_id, turn } = await account.responses.settled(caller, turnId, now);
    const keepsItems = settingsIn(turn).conversation === true;
    await account.changeLive(caller, session_id, now, async (session) => {
      const { turns } = account.services;
      if (!keepsItems && turns.countOf(session.key) === 1) {
        await eraseOne(account, caller, session_id, now);
        return;
      }
      const remove = (requestKeys: RequestKeys) => {
        const stored = turns.get(turnId);
        const over = stored && settledView(stored, now);
        if (over && over.status !== "in_progress")
          removeResponse(account.services, requestKeys, over, keepsItems, now);
      };
      await account.redact(session, { remove, turn: keepsItems ? null : turnId });
    });
  }),

  /** Ends a background response. */
  cancel: user.serves(async (account, caller, turnId: number, now: number) => {
    const { responses } = account;
    const found = await responses.find(caller, turnId, now);
    if (!settingsIn(found.turn).background)
      throw new ApiError(
        "invalid_request",
        "Only a response with background: true can be cancelled; close the connection of any other.",
        { param: "response_id" },
      );
    const ended = account.services.lifecycle.cancel(found.session_id, turnId);
    responses.tell(turnId);
    return ended ? { ...found, turn: ended } : responses.find(caller, turnId, now);
  }),

  /** Reads an archived completion from R2. */
  completion: user.serves(async (account, caller, completionId: string, now: number) => {
    const { db, lifecycle } = account.services;
    lifecycle.flush(completionId);
    const { key } = account.find(caller, completionId);
    const [first] = await account.reading(caller, completionId, now, (read) =>
      read("asc", null, 1),
    );
    return completionIn(completionId, first, findDetails(db, key)?.metadata ?? null);
  }),

  /** Lists live completions. */
  completions: user.serves(({ services }, caller, filter: CompletionFilter, query: PageQuery) =>
    listCompletions(services.db, services.turns, { ...filter, caller }, query),
  ),
});
