import { blankKeysOfTurn, dropKeysOfTurn } from "../store/turns/request-keys.ts";
import type { RequestKeys } from "../store/turns/request-keys.ts";
import { ApiError } from "../../shared/errors.ts";
import { keyOf, seqOf } from "../../shared/ids.ts";
import { plainContent } from "../../shared/items.ts";
import type { Item } from "../../shared/items.ts";
import { parseItemId, placedItems } from "../../openai/responses/item.ts";
import type { PlacedItem } from "../../openai/responses/item.ts";
import { SECOND_MS } from "../../shared/time.ts";
import { scheduleDeletion } from "../store/archive/archives.ts";
import type { Counters } from "../store/usage/counters.ts";
import type { Database } from "../../sqlite/database.ts";
import { dropFrames, dropUnseenFrames } from "../store/turns/system-prompts.ts";
import { findItem } from "./read-items.ts";
import { buryCall } from "../store/calls/calls.ts";
import { dropOldRowsOf, dropOwnRowsFrom } from "../store/calls/legacy-call-rows.ts";
import { GONE, emptied } from "../../shared/erased-turn.ts";
import { callNotFound, itemNotFound } from "../../shared/not-found-errors.ts";
import { dropPieces } from "../store/turns/stream-pieces.ts";
import { reindexTurn } from "../store/turns/indexed-turns.ts";
import { afterTurnsOf, findDetails, putDetails, sessionByKey } from "../store/sessions/sessions.ts";
import { dropExtractions } from "../store/sessions/fact-extractions.ts";
import { eraseFactsOfTurn } from "../store/sessions/user-facts.ts";
import type { Turns } from "../store/turns/turns.ts";
import { isVisible, messageCount, settledView } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";

export interface RemoveItemParts {
  db: Database;
  turns: Turns;
  counters: Counters;
  /** Called in the transaction that changes what a session's turns say. */
  turnsWritten: (sessionKey: number) => void;
}

/**
 * Takes one item out of a live session's turn, in a transaction, and with it whatever else of the session was made of
 * it. The turn's other items keep their ids, and the turn stays, even with nothing in it.
 *
 * @throws ApiError `item_not_found`; `session_busy` while its turn is being answered
 */
export function removeItem(
  parts: RemoveItemParts,
  requestKeys: RequestKeys,
  key: number,
  id: string,
  now: number,
): void {
  const { turns } = parts;
  const found = findItem((order, from, limit) => turns.list(key, { order, from, limit }), key, id);
  if (!found) throw itemNotFound();
  const { turn: before, placed } = found;
  if (settledView(before, now).status === "in_progress")
    throw new ApiError(
      "session_busy",
      "The item's turn is still in progress. Try again when it has ended.",
      {
        retry_after_ms: SECOND_MS,
      },
    );
  if (!isVisible(before)) throw itemNotFound();
  change(parts, before, without(before, placed), now);
  // What is left is not what the request made: it is neither replayed nor made again.
  blankKeysOfTurn(parts.db, requestKeys, before.id);
}

/**
 * Takes a settled turn's response out of a live session, in a transaction: with all that the turn says, unless its
 * conversation keeps that.
 */
export function removeResponse(
  parts: RemoveItemParts,
  requestKeys: RequestKeys,
  turn: Turn,
  keepsItems: boolean,
  now: number,
): void {
  const { frame: _, ...unframed } = turn;
  change(
    parts,
    turn,
    keepsItems ? { ...unframed, extra: { ...turn.extra, ...GONE } } : emptied(turn),
    now,
  );
  dropUnseenFrames(parts.db, keyOf(turn.id));
  // A caller that repeats the request wants a new response. A call from outside is not written again.
  if (turn.extra.call) blankKeysOfTurn(parts.db, requestKeys, turn.id);
  else dropKeysOfTurn(parts.db, requestKeys, turn.id);
}

/**
 * Erases a call's content from a live session, in a transaction. Its number and its counts stay, and its id is not used
 * again.
 *
 * @throws ApiError `call_not_found`; `call_in_progress` while its turn is being answered
 */
export function removeCall(
  parts: RemoveItemParts,
  requestKeys: RequestKeys,
  id: number,
  now: number,
): void {
  const stored = parts.turns.get(id);
  if (!stored) throw callNotFound();
  const turn = settledView(stored, now);
  if (turn.status === "in_progress" && !turn.extra.call)
    throw new ApiError(
      "call_in_progress",
      "The call is still in progress. Try again when it is completed.",
      {
        retry_after_ms: SECOND_MS,
      },
    );
  removeResponse(
    parts,
    requestKeys,
    turn.status === "in_progress" ? { ...turn, status: "abandoned" } : turn,
    false,
    now,
  );
  buryCall(parts.db, turn, now);
}

function change(
  { db, turns, counters, turnsWritten }: RemoveItemParts,
  before: Turn,
  after: Turn,
  now: number,
): void {
  const key = keyOf(before.id);
  counters.changing();
  turns.update(after);
  reindexTurn(db, sessionByKey(db, key)?.indexed ?? 0, before, after);
  turnsWritten(key);
  // What a lost worker had sent is read as the answer of its turn.
  dropPieces(db, [before.id, before.id + 1]);
  forgetMade(db, key, before, now);
  counters.turnsChanged(0, messageCount(after) - messageCount(before));
}

function without(turn: Turn, gone: PlacedItem): Turn {
  const kept = keepIds(placedItems(turn).filter(({ id }) => id !== gone.id));
  const on = (side: PlacedItem["side"]): Item[] =>
    kept.filter((each) => each.side === side).map(({ item }) => item);
  const { call, response, ...extra } = turn.extra;
  // Streamed pieces and an outside call hold the item too.
  const { pieces: _pieces, ...told } = response ?? {};
  const { request: _request, response: _response, chunks: _chunks, ...named } = call ?? {};
  return {
    ...turn,
    input: plainContent(on("input"), "user"),
    output: turn.output === null ? null : plainContent(on("output"), "assistant"),
    extra: { ...extra, ...(response && { response: told }), ...(call && { call: named }) },
  };
}

/** Those that do not stand any more where their id says are stored with it. */
function keepIds(items: readonly PlacedItem[]): PlacedItem[] {
  let next = 0;
  return items.map((placed) => {
    const n = parseItemId(placed.id)?.n ?? next;
    const stands = n === next;
    next = n + 1;
    return stands ? placed : { ...placed, item: { ...placed.item, id: placed.id } };
  });
}

/** Facts, summaries, cached answers and copies that hold what the turn said. */
function forgetMade(db: Database, key: number, turn: Turn, now: number): void {
  const { summary_turn = null, cache_key = null } = findDetails(db, key) ?? {};
  eraseFactsOfTurn(db, key, seqOf(turn.id), now);
  dropExtractions(db, [turn.id, turn.id + 1]);
  dropOldRowsOf(db, [turn.id, turn.id + 1]);
  dropOwnRowsFrom(db, turn.id, afterTurnsOf(key));
  if (summary_turn !== null && summary_turn >= turn.id) {
    putDetails(db, key, { summary: null, summary_turn: null });
    dropFrames(db, [key]);
  }
  if (cache_key !== null && seqOf(turn.id) === 1) {
    scheduleDeletion(db, cache_key);
    putDetails(db, key, { cache_key: null });
  }
}
