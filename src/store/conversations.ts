import { turnId } from "../ids.ts";
import { plainContent } from "../items.ts";
import type { Content, Item } from "../items.ts";
import { placedItems } from "../responses/item.ts";
import type { PlacedItem } from "../responses/item.ts";
import type { JournalParts } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { Principal } from "./principal.ts";
import type { Quotas } from "./quotas.ts";
import { sessionNotFound } from "./refusals.ts";
import { encodeDetails, insertSession, putDetails } from "./sessions.ts";
import type { Metadata } from "./sessions.ts";
import { messageCount } from "./turns.ts";
import type { Turn } from "./turns.ts";

export interface ConversationParts extends JournalParts {
  quotas: Quotas;
  ledger: Ledger;
}

export interface NewConversation {
  session_id: string;
  metadata: Metadata;
  items: Item[];
}

/** Writes a session that no turn began: with none, or with one that holds these items. A caller's own, where it is a user. */
export function createConversation(
  parts: ConversationParts,
  caller: Principal | null,
  { session_id, metadata, items }: NewConversation,
  now: number,
): void {
  const { db, turns, keys, counters, quotas, sessionWritten, turnWritten } = parts;
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
    if (!turn) return;
    turns.insert(turn);
    turnWritten(key);
  });
  counters.sessionAdded(session);
  if (turn) counters.turnsChanged(1, messageCount(turn));
}

/** A turn that nobody answers, and that windows show. */
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

/** As it is read again: the search index takes words out by what was stored. */
const contentOf = (items: Item[]): Content => plainContent(items, "user");

/**
 * Adds items to a session, as a turn that nobody answers. It waits in line like any other, and an archived session comes
 * back for it.
 */
export async function addItems(
  parts: ConversationParts,
  caller: Principal | null,
  sessionId: string,
  items: Item[],
  now: number,
): Promise<PlacedItem[]> {
  const { ledger } = parts;
  const begun = await ledger.begin(
    { caller, session_id: sessionId, fresh_id: sessionId, input: "", models: [], on_busy: "queue" },
    now,
  );
  if (begun.kind === "replay") throw new Error("without an idempotency key nothing is replayed");
  if (begun.turn.new_session) {
    // Whoever had it undone while this waited in line has not done so for it to come back.
    ledger.drop(sessionId);
    throw sessionNotFound();
  }
  const { frame: _, ...open } = begun.turn;
  const { id, status: _status, ...outcome } = addedTurn(open.turn_id, items, now);
  const turn = await ledger.settle(
    { ...open, input: outcome.input, shown: 0 },
    {
      status: "completed",
      output: [],
      model: null,
      input_tokens: null,
      output_tokens: null,
      duration_ms: 0,
    },
    now,
  );
  return placedItems({ ...turn, id });
}
