import { ApiError } from "../../shared/errors.ts";
import { keyOf } from "../../shared/ids.ts";
import { settledView } from "../../shared/turn.ts";
import { RPC_BYTES, rpcBytes } from "../../shared/rpc-bytes.ts";
import type { ExternalCall, Turn } from "../../shared/turn.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import type { PageQuery } from "../../sqlite/keyset-page.ts";
import type { Account } from "../account.ts";
import type { AccountServices } from "../account-services.ts";
import { checkAccountHold } from "../archive/erasure/erase-session.ts";
import { callOf, writtenCallOf } from "../calls/call.ts";
import type { Call } from "../calls/call.ts";
import { listArchivedCalls } from "../calls/list-archived.ts";
import { readOldFormat } from "../calls/old-format.ts";
import { readCall, readTurn } from "../calls/read.ts";
import { readCallWindow } from "../calls/read-window.ts";
import { addEvents, addPolicyEvents, completeCall } from "../calls/write.ts";
import type { CallResult, Completion, WrittenEvent } from "../calls/write.ts";
import { removeCall } from "../conversation/remove-item.ts";
import type { CallWrite, ExternalCallParts } from "../conversation/external-calls.ts";
import { keptFrom, putKey, turnOfKey } from "../store/turns/idempotency.ts";
import type { IdempotencyKey } from "../store/turns/idempotency.ts";
import { settledTurn } from "../store/turns/stream-pieces.ts";
import { buryCallId, findCall, listCalls, locateCall } from "../store/calls/calls.ts";
import type { CallFilter } from "../store/calls/calls.ts";
import { dropOldRowsOfCall, oldRowsOf } from "../store/calls/legacy-call-rows.ts";
import { findDetails, sessionByKey } from "../store/sessions/sessions.ts";
import { keepOldRows, writeExternalCalls } from "../write-external-calls.ts";
import { defineFacet, wholeAccount } from "./facet.ts";

/** @param of - shows it in a list, or with all that is said of it */
function view({ db }: AccountServices, turn: Turn, of = writtenCallOf): Call {
  const key = keyOf(turn.id);
  const userId = findDetails(db, key)?.user_id ?? null;
  return of(turn, sessionByKey(db, key)?.session_id ?? null, userId);
}

interface Addition {
  call_id: string;
  /** An older Worker sends none. */
  idempotency?: IdempotencyKey | null | undefined;
  work: (journal: ExternalCallParts) => Turn;
  streamed?: ExternalCall["chunks"];
}

/**
 * @returns the call with what is added. The same request under one key adds it once
 * @throws ApiError `call_erased` also where the key is known: its request has no hash any more
 */
async function add(
  account: Account,
  { call_id, idempotency, work, streamed }: Addition,
): Promise<Call> {
  const added = await account.commit((services) => {
    const { db, quotas, journal } = services;
    if (idempotency) {
      locateCall(db, call_id);
      if (turnOfKey(db, idempotency) !== null) return null;
    }
    quotas.checkBytes();
    const turn = work(journal);
    keepOldRows(services, turn, streamed);
    if (idempotency) {
      putKey(db, idempotency, turn.id, keptFrom(Date.now()));
      journal.keyWritten();
    }
    return view(services, turn);
  });
  if (added) return added;
  // The call may be archived by now.
  const { turn } = await readTurn(account.services, call_id);
  return view(account.services, turn);
}

/** Chunks with their numbers; undefined for none. */
function chunksIn(events: readonly WrittenEvent[]): ExternalCall["chunks"] {
  const chunks = events.flatMap(({ event_type, sequence, payload }) =>
    event_type === "chunk" && sequence !== undefined ? [{ index: sequence, payload }] : [],
  );
  return chunks.length === 0 ? undefined : chunks;
}

/** The call log. */
export const callsFacet = defineFacet({
  /** What the model was shown at a call, and why. Reads an archived session from R2. */
  window: wholeAccount.serves(async (account, _caller, callId: string, now: number) => {
    await account.loadPatterns();
    return readCallWindow(account.services, callId, now);
  }),

  /** Lists live calls. */
  list: wholeAccount.serves(
    ({ services }, _caller, filter: CallFilter, query: PageQuery, now: number) => {
      const { db, turns } = services;
      const { data, has_more } = listCalls(db, turns, filter, query, now);
      const calls = data.map((turn) => view(services, settledTurn(db, turn, now), callOf));
      return { data: calls, has_more };
    },
  ),

  /** Lists calls of archived sessions. */
  listArchived: wholeAccount.serves(
    (
      { services },
      _caller,
      filter: CallFilter,
      query: Pick<PageQuery, "limit" | "order" | "after">,
      now: number,
    ) => listArchivedCalls(services, filter, query, now),
  ),

  /** Reads an archived session's call from R2. */
  get: wholeAccount.serves(async ({ services }, _caller, id: string, now: number) => {
    const read = await readCall(services, id, now);
    if (rpcBytes(read) <= RPC_BYTES) return read;
    throw new ApiError(
      "call_too_large",
      "The call's events have more than 30 MiB. Read its turn at /sessions/{id}/turns.",
    );
  }),

  /** The call as the old schema has it. */
  oldFormat: wholeAccount.serves(({ services }, _caller, id: string, now: number) =>
    readOldFormat(services, id, now),
  ),

  /** Writes calls that were made elsewhere. One that is refused leaves the others alone. */
  write: wholeAccount.changes(
    async (account, _caller, writes: CallWrite[], now: number): Promise<CallResult[]> => {
      const results = await writeExternalCalls(account, writes, now);
      return results.map((result) =>
        "error" in result ? result : { ...result, created: result.created !== null },
      );
    },
  ),

  /** Writes one call that was made elsewhere. @returns it as it is stored, and whether it is new */
  create: wholeAccount.changes(async (account, _caller, write: CallWrite, now: number) => {
    const [result] = await writeExternalCalls(account, [write], now);
    if (!result) throw new Error("a call was neither written nor refused");
    if ("error" in result) throw ApiError.from(result.error);
    const { services } = account;
    if (result.created) {
      const { turn, session_id } = result.created;
      const owner = services.journal.sessions.find(session_id)?.details?.user_id ?? null;
      return { call: writtenCallOf(settledView(turn, now), session_id, owner), created: true };
    }
    // An archived call that is written again is read from R2.
    const { turn } = await readTurn(services, result.call_id);
    return { call: view(services, settledView(turn, now)), created: false };
  }),

  /** Erases a call's content. Brings an archived session back first that has the call. */
  erase: wholeAccount.changes(async (account, caller, id: string, now: number): Promise<void> => {
    const { db } = account.services;
    checkAccountHold(db);
    // Rows that were kept, and no call was made of them yet.
    if (findCall(db, id) === null && oldRowsOf(db, id).length > 0) {
      db.transaction(() => {
        dropOldRowsOfCall(db, id);
        buryCallId(db, id, now);
      });
      return;
    }
    const { id: turn, session } = locateCall(db, id);
    // An id of ours names its session, also where that has no such turn.
    if (session.segment !== null) await readTurn(account.services, id);
    await account.changeLive(caller, session.session_id, now, (live) =>
      account.redact(live, {
        remove: (requestKeys) => removeCall(account.services, requestKeys, turn, now),
        turn,
        isWholeTurn: true,
      }),
    );
  }),

  addEvents: wholeAccount.changes(
    (
      account,
      _caller,
      call_id: string,
      events: WrittenEvent[],
      idempotency?: IdempotencyKey | null,
    ) =>
      add(account, {
        call_id,
        idempotency,
        work: (journal) => addEvents(journal, call_id, events),
        streamed: chunksIn(events),
      }),
  ),

  addPolicyEvents: wholeAccount.changes(
    (
      account,
      _caller,
      call_id: string,
      events: PolicyEvent[],
      idempotency?: IdempotencyKey | null,
    ) =>
      add(account, {
        call_id,
        idempotency,
        work: (journal) => addPolicyEvents(journal, call_id, events),
      }),
  ),

  /** @returns the call, and the numbers of the chunks that never came */
  complete: wholeAccount.changes((account, _caller, id: string, completion: Completion) =>
    account.commit((services) => {
      const { turn, missing_chunks, isStreamed } = completeCall(services.journal, id, completion);
      // The chunks are deleted already; their old rows were written as they came.
      keepOldRows(services, turn, isStreamed ? [] : undefined);
      return { call: view(services, turn), missing_chunks };
    }),
  ),
});
