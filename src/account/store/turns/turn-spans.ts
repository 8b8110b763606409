import { partsBytes } from "./turn-parts.ts";
import type { Database } from "../../../sqlite/database.ts";

/** Turns of a session that follow each other. */
export interface TurnSpan {
  /** The id of the last. */
  last: number;
  turns: number;
}

/** Sizes that are read at a time. */
const READ_SIZES = 1_000;

/** Bytes of a turn's line beside its texts, about. A session may have a million short turns. */
export const LINE_BYTES = 256;

/** Bytes of the stored texts of a turn `t`, in SQL. */
const BYTES = `octet_length(t.input) + coalesce(octet_length(t.output), 0) + coalesce(octet_length(t.extra), 0) + ${partsBytes("t.parts")}`;

/**
 * The next turns of a live session, up to so many bytes of stored text and what surrounds it, and one at least. It reads sizes only.
 *
 * @param after - the id that they come after
 * @param through - the id of the last turn that may be one of them
 * @returns null where there are none
 */
export function nextSpan(
  db: Database,
  { after, through, bytes }: { after: number; through: number; bytes: number },
): TurnSpan | null {
  const span = { last: after, turns: 0 };
  for (let left = bytes; ;) {
    const sizes = db.all<{ id: number; bytes: number }>(
      `select t.id, ${BYTES} as bytes from turns t where t.id > ? and t.id <= ? order by t.id limit ?`,
      span.last,
      through,
      READ_SIZES,
    );
    for (const { id, bytes: own } of sizes) {
      left -= own + LINE_BYTES;
      if (span.turns > 0 && left < 0) return span;
      span.last = id;
      span.turns += 1;
    }
    if (sizes.length < READ_SIZES) return span.turns === 0 ? null : span;
  }
}
