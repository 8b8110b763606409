import { keyOf, turnId } from "../../shared/ids.ts";
import { plainContent } from "../../shared/items.ts";
import type { Content, Item } from "../../shared/items.ts";
import { placedItems } from "../../openai/responses/item.ts";
import type { PlacedItem } from "../../openai/responses/item.ts";
import type { Database } from "../../sqlite/database.ts";
import { keptFrom, keyFor, putKey, turnOfKey } from "../store/turns/idempotency.ts";
import type { IdempotencyKey } from "../store/turns/idempotency.ts";
import type { ExternalCallParts } from "./external-calls.ts";
import type { TurnLifecycle } from "./turn-lifecycle.ts";
import type { BeginRequest } from "./turn-contract.ts";
import type { Quotas } from "../store/usage/quotas.ts";
import { sessionErased, sessionNotFound } from "../../shared/not-found-errors.ts";
import {
  encodeDetails,
  firstTurnOf,
  insertSession,
  putDetails,
  sessionByKey,
} from "../store/sessions/sessions.ts";
import type { Metadata } from "../store/sessions/sessions.ts";
import type { Principal } from "../../shared/principal.ts";
import { messageCount } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";

export interface ConversationParts extends ExternalCallParts {
  quotas: Quotas;
  lifecycle: TurnLifecycle;
}

export interface NewConversation {
  session_id: string;
  metadata: Metadata;
  items: Item[];
  idempotency?: IdempotencyKey | null | undefined;
}

/**
 * Writes a session that no turn began: with none, or with one that holds these items. A caller's own, where it is a user.
 *
 * @returns its id: for a known idempotency key, that of the session that was made with it
 */
export function createConversation(
  parts: ConversationParts,
  caller: Principal | null,
  { session_id, metadata, items, idempotency: sent }: NewConversation,
  now: number,
): string {
  const idempotency = sent && { ...sent, key: keyFor(caller, sent.key) };
  const { db, turns, keys, counters, quotas, sessionWritten, keyWritten, turnWritten } = parts;
  const known = idempotency ? madeWith(parts.db, idempotency) : null;
  if (known !== null) return known;
  if (items.length > 0) quotas.take(now, () => 1);
  else {
    quotas.checkBytes();
    quotas.takeSession(() => 1);
  }
  const session = { session_id, created_at: now, accessed_at: now, flags: 0 };
  const key = keys.next();
  const turn = items.length === 0 ? null : addedTurn(turnId(key, 1), items, now);
  db.transaction(() => {
    counters.changing();
    keys.reserve(key);
    insertSession(db, { ...session, key });
    const { user_id = null, role } = caller ?? {};
    putDetails(db, key, encodeDetails({ assistant: null, user_id, role, metadata }));
    sessionWritten(now);
    if (idempotency) {
      putKey(db, idempotency, turn?.id ?? firstTurnOf(key), keptFrom(now));
      keyWritten();
    }
    if (!turn) return;
    turns.insert(turn);
    turnWritten(key);
  });
  counters.sessionAdded(session);
  if (turn) counters.turnsChanged(1, messageCount(turn));
  return session_id;
}

function madeWith(db: Database, idempotency: IdempotencyKey): string | null {
  const turn = turnOfKey(db, idempotency);
  if (turn === null) return null;
  const session = sessionByKey(db, keyOf(turn));
  if (!session) throw sessionErased();
  return session.session_id;
}

/** A turn that no model answers, and that windows show. */
const addedTurn = (id: number, items: Item[], now: number): Turn => ({
  id,
  status: "completed",
  created_at: now,
  duration_ms: 0,
  model: null,
  input_tokens: null,
  output_tokens: null,
  input: contentOf(items),
  output: [],
  shown: 0,
  extra: {},
});

/** Reads it back: the search index removes words by the stored text. */
const contentOf = (items: Item[]): Content => plainContent(items, "user");

export interface AddedItems {
  session_id: string;
  items: Item[];
  idempotency?: IdempotencyKey | null | undefined;
}

/**
 * Adds items to a session, as a turn that no model answers. It waits in the queue like any other turn, and restores an
 * archived session.
 */
export async function addItems(
  parts: ConversationParts,
  caller: Principal | null,
  { session_id, items, idempotency }: AddedItems,
  now: number,
): Promise<PlacedItem[]> {
  const { lifecycle } = parts;
  const request: BeginRequest = {
    caller,
    session_id,
    new_session_id: session_id,
    input: "",
    models: [],
    on_busy: "queue",
    ...(idempotency && { idempotency }),
  };
  const begun = await lifecycle.begin(request, now);
  if (begun.kind === "replay") return placedItems(begun.turn);
  if (begun.turn.new_session) {
    // The session was undone while this waited in the queue: it must not come back.
    lifecycle.drop(session_id);
    throw sessionNotFound();
  }
  const { frame: _, ...open } = begun.turn;
  const { input, output } = addedTurn(open.turn_id, items, now);
  const turn = await lifecycle.settle(
    { ...open, input, shown: 0 },
    {
      status: "completed",
      output,
      model: null,
      input_tokens: null,
      output_tokens: null,
      duration_ms: 0,
    },
    now,
  );
  return placedItems(turn);
}
