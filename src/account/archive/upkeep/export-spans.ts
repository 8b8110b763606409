import { seqOf, turnId } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { LINE_BYTES, nextSpan } from "../../store/turns/turn-spans.ts";
import type { ArchivedTurns } from "../sessions/archived-turns.ts";
import type { Archivist } from "../sessions/archivist.ts";

/** JSON that a part's turns have at most, for each byte of text that it may have: an import takes 26 MiB where an archive has 16. */
const JSON_SHARE = 1.5;
/** Bytes that JSON in UTF-8 takes for one UTF-16 unit, at most. */
const UNIT_BYTES = 6;

/**
 * The turns of the part of an export that begins after `seq`, of a session up to `through`. A live session is cut as its
 * archive will be. An archive's own parts are cut further where an import would not take them.
 *
 * @param archive - null: the session is live
 * @returns how many turns the part has, and the seq of its last; null where there are none
 */
export async function nextTurnSpan(
  { db, archivist }: { db: Database; archivist: Archivist },
  archive: ArchivedTurns | null,
  key: number,
  { seq, through }: { seq: number; through: number },
): Promise<{ last: number; turns: number } | null> {
  if (archive === null) {
    const between = { after: turnId(key, seq), through: turnId(key, through) };
    const span = nextSpan(db, { ...between, bytes: archivist.partBytes });
    return span && { last: seqOf(span.last), turns: span.turns };
  }
  const [next] = await archive.reading((read) => read("asc", turnId(key, seq + 1), 1));
  const record = next ? await archive.partWith(next.id) : null;
  const own = (record?.turns ?? []).filter(({ id }) => seqOf(id) > seq && seqOf(id) <= through);
  const turns = countFitting(own, archivist.partBytes * JSON_SHARE);
  const last = own[turns - 1];
  return last === undefined ? null : { last: seqOf(last.id), turns };
}

/** How many of the first turns have so many bytes of JSON together, at most; one at least. */
function countFitting(turns: readonly Turn[], bytes: number): number {
  const units = turns.reduce((sum, turn) => sum + unitsOf(turn), 0);
  if (units * UNIT_BYTES <= bytes) return turns.length;
  let left = bytes;
  const over = turns.findIndex((turn, index) => {
    left -= Buffer.byteLength(JSON.stringify(turn));
    return index > 0 && left < 0;
  });
  return over === -1 ? turns.length : over;
}

/** The length of its texts, without the work of making JSON of them. */
const unitsOf = ({ input, output, extra }: Turn): number =>
  LINE_BYTES + lengthOf(input) + lengthOf(output) + lengthOf(extra);

const lengthOf = (value: unknown): number =>
  typeof value === "string" ? value.length : JSON.stringify(value).length;
