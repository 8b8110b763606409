import { keyOf, seqOf, turnId } from "../../../shared/ids.ts";
import { insertRecord } from "./insert-record.ts";
import type { InsertParts } from "./insert-record.ts";
import { liveHead, liveHeads } from "./live-record.ts";
import { bringFrames, framesOf } from "../format/frames.ts";
import { afterTurnsOf, firstTurnOf, putDetails } from "../../store/sessions/sessions.ts";
import { tallyLateTurns } from "../../store/usage/roll-up.ts";
import { countMessages } from "./compress-sessions.ts";
import { copyParts } from "../../store/turns/turn-parts.ts";
import type { TurnExtra } from "../../../shared/turn.ts";

/**
 * Makes a session of another live one's turns up to one of them, in a transaction: with its user, its assistant, its facts
 * and its state as that is now. Neither a pin nor a hold goes along, nor what a hold keeps. The user's facts stay
 * with the turns that they came from.
 */
export function forkSession(
  parts: InsertParts,
  turn: number,
  sessionId: string,
  now: number,
): void {
  const origin = keyOf(turn);
  const live = liveHead(parts, origin);
  if (!live) throw new Error("only what is live is forked");
  const { summary: _summary, pinned: _pinned, hold: _hold, versions: _versions, ...head } = live;
  const { user_facts: _facts, ...rest } = head;
  const about = { key: 0, session_id: sessionId, accessed_at: now };
  const key = insertRecord(parts, { ...rest, ...about, turns: [] });
  let count = 0;
  // Long texts are copied from row to row. All of a session may be more than fits into memory.
  for (const page of liveHeads(parts, origin, turn)) {
    const own = page.map((each) => ({
      ...each,
      id: turnId(key, seqOf(each.id)),
      extra: withoutCall(each.extra),
    }));
    parts.turns.insertAll(own);
    bringFrames(parts.frames, key, { frames: framesOf(parts.frames, origin, page) });
    parts.counters.turnsChanged(own.length, countMessages(own));
    count += own.length;
  }
  tallyLateTurns(parts.db, [firstTurnOf(key), afterTurnsOf(key)], 1);
  if (seqOf(turn) > count) putDetails(parts.db, key, { missing: seqOf(turn) - count });
  copyParts(parts.db, origin, key, seqOf(turn));
}

/** The id that a call has elsewhere stays with the call itself. */
function withoutCall({ call: _call, ...extra }: TurnExtra): TurnExtra {
  return extra;
}
