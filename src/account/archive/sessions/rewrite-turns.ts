import { parseCallId, seqOf, turnId } from "../../../shared/ids.ts";
import { keysOfTurns, moveKey } from "../../store/turns/idempotency.ts";
import { markTurns } from "../../store/archive/imports.ts";
import type { TurnRange } from "../../store/archive/imports.ts";
import { findDetails, putDetails } from "../../store/sessions/sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";
import { insertRecord } from "./insert-record.ts";
import type { SessionRecord } from "../format/record.ts";
import { detachSession } from "./detach-session.ts";
import type { DetachParts } from "./detach-session.ts";
import type { Turn } from "../../../shared/turn.ts";

/** A turn on its way to its place in a session. */
export interface PlacedTurn {
  turn: Turn;
  /** The seq that it had there; null: it is new. */
  was: number | null;
  /** Which import brought it; null: none. */
  import: number | null;
}

/**
 * Replaces a live session's turns. Call inside a transaction. Turns that stay may get new ids; idempotency keys follow
 * them. A summary stays where the turns that it covers have not moved.
 *
 * @param record - the session's other fields
 * @param maker - which import made the session; null for none
 */
export function rewriteTurns(
  parts: DetachParts,
  session: SessionRow,
  record: SessionRecord,
  placed: readonly PlacedTurn[],
  maker: number | null,
): void {
  const { db } = parts;
  const { key } = session;
  const cache_key = findDetails(db, key)?.cache_key ?? null;
  const asked = keysOfTurns(db, key);
  const seqs = seqsOf(placed);
  const moved = new Map(placed.map(({ was }, index) => [was, seqs[index]]));
  const covered = seqOf(parseCallId(record.summary?.turn ?? "") ?? 0);
  const keepsSummary = placed.every(
    ({ was }, index) => (seqs[index] ?? 0) > covered || was === seqs[index],
  );
  const { summary, ...rest } = record;
  detachSession(parts, session);
  insertRecord(parts, {
    ...rest,
    ...(summary && keepsSummary && { summary }),
    key,
    turns: placed.map(({ turn }, index) => ({ ...turn, id: turnId(key, seqs[index] ?? 0) })),
  });
  if (cache_key !== null) putDetails(db, key, { cache_key });
  for (const known of asked) {
    const seq = moved.get(seqOf(known.turn_id));
    if (seq !== undefined) moveKey(db, known, turnId(key, seq));
  }
  markTurns(db, key, rangesOf(placed, seqs), maker);
}

/** Existing turns keep their numbers where they can: callers know calls by them. */
export function seqsOf(placed: readonly PlacedTurn[]): number[] {
  let last = 0;
  return placed.map(({ was }) => {
    last = Math.max(last + 1, was ?? 0);
    return last;
  });
}

/** Neighbours that one import brought are one range. */
function rangesOf(placed: readonly PlacedTurn[], seqs: readonly number[]): TurnRange[] {
  const ranges: TurnRange[] = [];
  for (const [index, { import: by }] of placed.entries()) {
    const seq = seqs[index] ?? 0;
    const last = ranges.at(-1);
    if (by === null) continue;
    if (last?.import === by && last.last === seqs[index - 1]) last.last = seq;
    else ranges.push({ first: seq, last: seq, import: by });
  }
  return ranges;
}
