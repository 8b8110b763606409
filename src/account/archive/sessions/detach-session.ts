import { afterTurnsOf, firstTurnOf } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import type { InsertParts } from "./insert-record.ts";
import { tallyLateTurns } from "../../store/usage/roll-up.ts";
import { dropSession } from "../../store/erasure/drop-session.ts";

export type DetachParts = InsertParts & { lifecycle: { drop: (sessionId: string) => void } };

/**
 * In a transaction: the live session goes as if it had never been, or makes room for another that gets its key. The caller
 * drops its idempotency keys.
 */
export function detachSession(parts: DetachParts, session: SessionRow): void {
  const { db, turns, counters, lifecycle } = parts;
  const held = turns.count(session.key);
  counters.changing();
  tallyLateTurns(db, [firstTurnOf(session.key), afterTurnsOf(session.key)], -1);
  dropSession(db, session);
  lifecycle.drop(session.session_id);
  counters.sessionRemoved(session);
  counters.turnsChanged(-held.turns, -held.messages);
}
