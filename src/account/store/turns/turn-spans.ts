import { partsBytes } from "./turn-parts.ts";
import type { Database } from "../../../sqlite/database.ts";

/** Turns of a session that follow each other. */
export interface TurnSpan {
  /** The id of the last. */
  last: number;
  turns: number;
  /** Of their stored texts and of what surrounds these. */
  bytes: number;
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
 * @param most - so many turns at most
 * @returns null where there are none
 */
export function nextSpan(
  db: Database,
  {
    after,
    through,
    bytes,
    most = Infinity,
  }: { after: number; through: number; bytes: number; most?: number },
): TurnSpan | null {
  const span = { last: after, turns: 0, bytes: 0 };
  for (;;) {
    const limit = Math.min(READ_SIZES, most - span.turns);
    const sizes = db.all<{ id: number; bytes: number }>(
      `select t.id, ${BYTES} as bytes from turns t where t.id > ? and t.id <= ? order by t.id limit +?`,
      span.last,
      through,
      limit,
    );
    for (const { id, bytes: own } of sizes) {
      const all = span.bytes + own + LINE_BYTES;
      if (span.turns > 0 && all > bytes) return span;
      span.last = id;
      span.turns += 1;
      span.bytes = all;
    }
    if (sizes.length < READ_SIZES) return span.turns === 0 ? null : span;
  }
}

/** Bytes of the long texts of turns that do not lie in their rows, as JSON, by the turn's id. */
export const longTextBytes = (
  db: Database,
  { after, through }: { after: number; through: number },
): Map<number, number> =>
  new Map(
    db
      .all<{ id: number; bytes: number }>(
        `select id, ${partsBytes("parts")} as bytes from turns where id > ? and id <= ? and parts is not null`,
        after,
        through,
      )
      .map(({ id, bytes }) => [id, bytes]),
  );

/** Bytes of the system messages that turns of a live session were shown, each counted once. */
export const systemBytes = (
  db: Database,
  key: number,
  { after, through }: { after: number; through: number },
): number =>
  db.scalar<number>(
    `select total(octet_length(f.text)) from
       (select distinct frame from turns where id > ? and id <= ? and frame is not null) t
     cross join frames f on f.key in (0, ?) and f.id = t.frame`,
    after,
    through,
    key,
  ) ?? 0;
