import { keyOf, seqOf } from "../../../shared/ids.ts";
import { insertRecord } from "./insert-record.ts";
import type { InsertParts } from "./insert-record.ts";
import { liveRecord } from "./live-record.ts";
import { copyParts } from "../../store/turns/turn-parts.ts";
import type { TurnExtra } from "../../../shared/turn.ts";

/**
 * Makes a session of another live one's turns up to one of them, in a transaction: with its user, its assistant, its facts
 * and its state as that is now. Neither a pin nor a hold goes along.
 */
export function forkSession(
  parts: InsertParts,
  turn: number,
  sessionId: string,
  now: number,
): void {
  // Long texts are copied from row to row: those of a whole session may be more than fits into memory.
  const record = liveRecord(parts, keyOf(turn), true);
  if (!record) throw new Error("only what is live is forked");
  const { summary: _summary, pinned: _pinned, hold: _hold, ...rest } = record;
  const turns = record.turns
    .filter(({ id }) => id <= turn)
    .map((each) => ({ ...each, extra: withoutCall(each.extra) }));
  const key = insertRecord(parts, {
    ...rest,
    key: 0,
    session_id: sessionId,
    accessed_at: now,
    turns,
  });
  copyParts(parts.db, keyOf(turn), key, seqOf(turn));
}

/** The id that a call has elsewhere stays with the call itself. */
function withoutCall({ call: _call, ...extra }: TurnExtra): TurnExtra {
  return extra;
}
