import { keyOf } from "../../shared/ids.ts";
import { sessionByKey } from "../store/sessions/sessions.ts";
import { dropBackground } from "../store/turns/background-turns.ts";
import { reindexTurn } from "../store/turns/indexed-turns.ts";
import { dropPieces, withPieces } from "../store/turns/stream-pieces.ts";
import { tallyWrite } from "./write-turn.ts";
import type { WriteParts } from "./write-turn.ts";
import { dayOf } from "../../shared/time.ts";
import { answerCount } from "../../shared/turn.ts";
import type { ResponseExtra, Turn } from "../../shared/turn.ts";

/** How a turn ends that is not answered to its end. */
export type Ending = Pick<Turn, "status"> &
  Pick<Turn["extra"], "error"> &
  Pick<ResponseExtra, "cut">;

/** Settles a stored turn in place of its worker. The pieces of its answer stay. */
export function endTurn(
  { db, turns, counters, turnWritten }: WriteParts,
  stored: Turn,
  { status, error, cut }: Ending,
  now: number,
): Turn {
  const { output, extra: known } = withPieces(db, stored);
  const { lease: _, ...extra } = known;
  const ended: Turn = {
    ...stored,
    status,
    output,
    duration_ms: Math.max(0, now - stored.created_at),
    extra: {
      ...extra,
      ...(error && { error }),
      ...(cut && { response: { ...extra.response, cut } }),
    },
  };
  const key = keyOf(stored.id);
  const only = [stored.id, stored.id + 1] as const;
  db.transaction(() => {
    counters.changing();
    turns.update(ended);
    reindexTurn(db, sessionByKey(db, key)?.indexed ?? 0, stored, ended);
    dropPieces(db, only);
    dropBackground(db, only);
    if (dayOf(stored.created_at) < dayOf(now)) tallyWrite(db, stored, ended);
    turnWritten(key);
    counters.turnsChanged(0, answerCount(ended));
  });
  return ended;
}
