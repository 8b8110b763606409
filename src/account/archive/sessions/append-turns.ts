import { emptied } from "../../../shared/erased-turn.ts";
import { seqOf } from "../../../shared/ids.ts";
import { messageCount } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import { markTurns } from "../../store/archive/imports.ts";
import { isCallErased, putCall } from "../../store/calls/calls.ts";
import { closeGap, touchSession } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { tallyLateTurns } from "../../store/usage/roll-up.ts";
import { bringFrames } from "../format/frames.ts";
import type { SessionRecord } from "../format/record.ts";
import type { InsertParts } from "./insert-record.ts";

/**
 * Adds turns to the end of a live session, in a transaction. The turns that are there keep their numbers, and so their
 * ids. See docs/decisions/0027.
 *
 * @param accessedAt - when the session was last accessed: older turns at its end do not make it older
 * @param brought - with their own times and their new ids
 * @param by - the import; null for none
 */
export function appendTurns(
  parts: InsertParts,
  session: SessionRow,
  accessedAt: number,
  brought: readonly Turn[],
  frames: SessionRecord["frames"],
  by: number | null,
): void {
  const { db, turns, counters } = parts;
  const { key } = session;
  const isErased = ({ extra }: Turn) =>
    extra.call?.id !== undefined && isCallErased(db, extra.call.id);
  const own = brought.map((turn) => (isErased(turn) ? emptied(turn) : turn));
  const accessed_at = Math.max(accessedAt, ...own.map(({ created_at }) => created_at));
  counters.changing();
  turns.insertAll(own);
  closeGap(db, key);
  for (const { id, extra } of own) if (extra.call?.id !== undefined) putCall(db, extra.call.id, id);
  bringFrames(parts.frames, key, { frames });
  touchSession(db, key, accessed_at);
  const [first, last] = [own[0], own.at(-1)];
  if (first && last) tallyLateTurns(db, [first.id, last.id + 1], 1);
  if (by !== null && first && last)
    markTurns(db, key, [{ first: seqOf(first.id), last: seqOf(last.id), import: by }], null);
  parts.turnsWritten(key);
  counters.sessionChanged(session, { ...session, accessed_at });
  counters.accessed(accessed_at);
  counters.turnsChanged(
    own.length,
    own.reduce((sum, turn) => sum + messageCount(turn), 0),
  );
}
