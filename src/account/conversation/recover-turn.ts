import { keyOf, turnId } from "../../shared/ids.ts";
import type { Database } from "../../sqlite/database.ts";
import { findKey } from "../store/turns/idempotency.ts";
import type { SessionQueue } from "./session-queue.ts";
import type { OpenTurn, PendingTurn } from "./turn-contract.ts";
import { sessionErased, turnLost } from "../../shared/not-found-errors.ts";
import { findDetails, erasedAt, findSession, sessionByKey } from "../store/sessions/sessions.ts";
import type { Turns } from "../store/turns/turns.ts";
import { settledView } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";

export interface RecoverParts {
  db: Database;
  turns: Turns;
  queue: SessionQueue;
  clock: () => number;
  /** When the account was last erased. */
  erasedAt: number | null;
}

/**
 * The turn as storage has it, for a settle that comes after an eviction, or again: what is left to write, or the turn
 * as it was settled, or why nothing may be written.
 */
export function recoverTurn(
  { db, turns, queue, clock, erasedAt: accountErasedAt }: RecoverParts,
  open: OpenTurn,
  settled: Turn,
): PendingTurn | { settled: Turn } {
  const { session_id, turn_id, idempotency } = open;
  if (open.account_erased_at !== accountErasedAt) throw sessionErased();
  const stored = turns.get(turn_id);
  // Its key may have gone to another session, or its idempotency key to another turn, while the object was away.
  const owner = sessionByKey(db, keyOf(turn_id));
  const holder = queue.holder(session_id);
  const known = idempotency && findKey(db, idempotency.key);
  if (owner && owner.session_id !== session_id) throw turnLost();
  if (known && known.turn_id !== turn_id) throw turnLost();
  if (stored && isSame(stored, settled)) return { settled: stored };
  if (holder !== null && holder !== open.token) throw turnLost();
  if (stored) {
    const lease = settledView(stored, clock()).extra.lease;
    if (lease?.token !== open.token) throw turnLost();
    return { open, stored, begun: true, abandoned: null };
  }
  const session = findSession(db, session_id);
  const last = session && turns.last(session.key);
  if (!session && (!open.new_session || erasedAt(db, session_id) !== null)) throw sessionErased();
  if (session) {
    const skipped = findDetails(db, session.key)?.skipped ?? 0;
    const next = (last?.id ?? turnId(session.key, 0)) + skipped + 1;
    if (open.new_session || session.segment !== null || next !== turn_id) throw turnLost();
  }
  const before = last && settledView(last, clock());
  if (before?.status === "in_progress") throw turnLost();
  const abandoned = last?.status === "in_progress" ? before : null;
  return { open, stored: null, begun: false, abandoned };
}

/** Whether a turn is the very one that is being settled, from when it was settled before. */
const isSame = (stored: Turn, settled: Turn): boolean =>
  stored.created_at === settled.created_at &&
  stored.status === settled.status &&
  JSON.stringify(stored.input) === JSON.stringify(settled.input) &&
  JSON.stringify(stored.output) === JSON.stringify(settled.output);
