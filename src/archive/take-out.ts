import { leaveCopy } from "../store/archives.ts";
import { dropSession } from "../store/sessions.ts";
import type { SessionRow } from "../store/sessions.ts";
import type { InsertParts } from "./insert-record.ts";

export type TakeOutParts = InsertParts & { ledger: { drop: (sessionId: string) => void } };

/** In a transaction: the session makes room for another that gets its key. */
export function takeOut(parts: TakeOutParts, session: SessionRow): void {
  const { db, turns, counters, ledger } = parts;
  counters.changing();
  if (session.segment === null) {
    const held = turns.count(session.key);
    counters.sessionRemoved(session);
    counters.turnsChanged(-held.turns, -held.messages);
  } else {
    leaveCopy(db, session.key, session.segment);
    counters.archivesChanged(-1, 0);
  }
  dropSession(db, session);
  ledger.drop(session.session_id);
}
