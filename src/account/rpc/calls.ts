import { keyOf } from "../../shared/ids.ts";
import { settledView } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import type { PageQuery } from "../../sqlite/keyset-page.ts";
import type { AccountServices } from "../account-services.ts";
import { callOf } from "../calls/call.ts";
import type { Call } from "../calls/call.ts";
import { oldRowsFor } from "../calls/dual.ts";
import { callsMode } from "../calls/migrate.ts";
import { readCall } from "../calls/read.ts";
import { addEvents, addPolicyEvents, completeCall, writeCalls } from "../calls/write.ts";
import type { Completion, WrittenEvent } from "../calls/write.ts";
import { findTurn } from "../conversation/external-calls.ts";
import type { CallWrite, ExternalCallParts } from "../conversation/external-calls.ts";
import { listCalls } from "../store/calls/calls.ts";
import type { CallFilter } from "../store/calls/calls.ts";
import { putOldRows } from "../store/calls/legacy-call-rows.ts";
import { findSession, sessionByKey } from "../store/sessions/sessions.ts";
import { defineFacet, wholeAccount } from "./facet.ts";

/** Writes the call's rows of the old schema, while both are written. Call it in the transaction that writes the call. */
function keepOldRows(services: AccountServices, turn: Turn, isStreamed = false): void {
  if (callsMode(services) !== "dual") return;
  putOldRows(services.db, oldRowsFor(turn, isStreamed), Date.now());
}

function view({ db }: AccountServices, turn: Turn): Call {
  return callOf(turn, sessionByKey(db, keyOf(turn.id))?.session_id ?? null);
}

function change(services: AccountServices, work: (journal: ExternalCallParts) => Turn): Call {
  const changed = services.db.transaction(() => {
    const turn = work(services.journal);
    keepOldRows(services, turn);
    return turn;
  });
  return view(services, changed);
}

/** The call log. */
export const callsFacet = defineFacet({
  /** Lists live calls. */
  list: wholeAccount.serves(
    ({ services }, _caller, filter: CallFilter, query: PageQuery, now: number) => {
      const { db, turns } = services;
      const { data, has_more } = listCalls(db, turns, filter, query, now);
      return { data: data.map((turn) => view(services, settledView(turn, now))), has_more };
    },
  ),

  /** Reads an archived session's call from R2. */
  get: wholeAccount.serves(({ services }, _caller, id: string, now: number) =>
    readCall(services, id, now),
  ),

  /** Writes calls that were made elsewhere. Brings the archived sessions of some back first. */
  write: wholeAccount.changes(async (account, _caller, writes: CallWrite[], now: number) => {
    const { services } = account;
    const { db, lifecycle, journal } = services;
    const sessions = new Set(writes.map(({ session_id }) => session_id));
    for (const sessionId of sessions) {
      if (sessionId === undefined) continue;
      if ((findSession(db, sessionId)?.segment ?? null) !== null)
        await account.restore(sessionId, now);
    }
    for (const sessionId of sessions) if (sessionId !== undefined) lifecycle.flush(sessionId);
    return db.transaction(() => {
      const results = writeCalls(journal, writes, now);
      if (callsMode(services) !== "dual") return results;
      for (const result of results) {
        if ("created" in result && result.created)
          keepOldRows(services, findTurn(journal, result.call_id).turn);
      }
      return results;
    });
  }),

  addEvents: wholeAccount.changes(({ services }, _caller, id: string, events: WrittenEvent[]) =>
    change(services, (journal) => addEvents(journal, id, events)),
  ),

  addPolicyEvents: wholeAccount.changes(
    ({ services }, _caller, id: string, events: PolicyEvent[]) =>
      change(services, (journal) => addPolicyEvents(journal, id, events)),
  ),

  /** @returns the call, and the numbers of the chunks that never came */
  complete: wholeAccount.changes(({ services }, _caller, id: string, completion: Completion) => {
    const { turn, missing_chunks } = services.db.transaction(() => {
      const completed = completeCall(services.journal, id, completion);
      // The chunks are gone by now; the old rows of those that came were written as they came.
      keepOldRows(services, completed.turn, completed.isStreamed);
      return completed;
    });
    return { call: view(services, turn), missing_chunks };
  }),
});
