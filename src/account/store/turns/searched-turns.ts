import { searchedText } from "../../../shared/searched-text.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import { contentOf } from "../../../shared/turn-parts.ts";
import type { TurnPart } from "../../../shared/turn-parts.ts";
import type { Database } from "../../../sqlite/database.ts";
import { PartsReader } from "./parts-reader.ts";
import type { TurnRow } from "./turn-row.ts";
import type { SearchPieces } from "./search-pieces.ts";
import { markOfParts, partsBytes, pieceOfParts, readParts } from "./turn-parts.ts";

export type SearchedRow = Pick<TurnRow, "id" | "input" | "output" | "parts">;
type Sized = { id: number; bytes: number };

/** Rows that are read together. */
const BATCH_TURNS = 500;
/** Text that is read together, in bytes. One turn may have more. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** The bytes of a turn `t`, in SQL. Its searched text has no more. */
export const STORED_BYTES = `octet_length(t.input) + coalesce(octet_length(t.output), 0) + ${partsBytes("t.parts")}`;

/** The searched text of a stored turn. */
export const textOfRow = (db: Database, row: SearchedRow): SearchedText =>
  textWith(
    row,
    row.parts === null ? [] : partsOf((parts) => readParts(db, row.id, parts), row.parts),
  );

const textWith = ({ input, output }: SearchedRow, parts: readonly TurnPart[]): SearchedText =>
  searchedText({
    input: contentOf(input, "input", parts),
    output: output === null ? null : contentOf(output, "output", parts),
  });

/** A turn that lacks some of its texts is searched by the others. */
function partsOf(read: (mark: string) => TurnPart[], mark: string): TurnPart[] {
  try {
    return read(mark);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [];
  }
}

export function storedText(db: Database, turnId: number): SearchedText | null {
  const row = searchedRow(db, turnId);
  return row && textOfRow(db, row);
}

/**
 * {@link storedText}, made in pieces. Others run between two of them: a turn that they write is read again from its first.
 *
 * @param limit - so much is kept of each long text, in UTF-16 units of JSON
 */
export async function storedTextInPieces(
  db: Database,
  turnId: number,
  pieces: SearchPieces,
  limit?: number,
): Promise<SearchedText | null> {
  for (;;) {
    const mark = markOfParts(db, turnId);
    if (mark === null) return storedText(db, turnId);
    const reader = new PartsReader(limit);
    for (let n = 0; markOfParts(db, turnId) === mark; n += 1) {
      const piece = pieceOfParts(db, turnId, n, reader.isPastKept);
      if (piece === null) {
        const row = searchedRow(db, turnId);
        return (
          row &&
          textWith(
            row,
            partsOf((own) => reader.end(own), mark),
          )
        );
      }
      if (piece.text === null) reader.skip(piece.bytes);
      else reader.write(piece.text);
      await pieces.next();
    }
  }
}

const searchedRow = (db: Database, turnId: number): SearchedRow | null =>
  db.one<SearchedRow>("select id, input, output, parts from turns where id = ?", turnId);

/** Turns by their ids, each with its searched text. */
export function storedTexts(db: Database, ids: readonly number[]): [number, SearchedText][] {
  return db
    .all<SearchedRow>(
      `select t.id, t.input, t.output, t.parts from json_each(?) j cross join turns t on t.id = j.value`,
      JSON.stringify(ids),
    )
    .map((row) => [row.id, textOfRow(db, row)]);
}

/** {@link storedTexts} of all turns after one, through another, in batches of bounded size. */
export function* textsThrough(
  db: Database,
  after: number,
  through: number,
): Generator<[number, SearchedText][]> {
  for (let from = after; ;) {
    const sized = db.all<Sized>(
      `select t.id, ${STORED_BYTES} as bytes from turns t where t.id > ? and t.id <= ? order by t.id limit +?`,
      from,
      through,
      BATCH_TURNS,
    );
    const ids = within(sized, BATCH_BYTES);
    const last = ids.at(-1);
    if (last === undefined) return;
    yield storedTexts(db, ids);
    from = last;
  }
}

/** The first turns that have no more than so many bytes together, and one at least. */
export function within(turns: readonly Sized[], bytes: number): number[] {
  let left = bytes;
  const end = turns.findIndex(({ bytes: size }, at) => (left -= size) < 0 && at > 0);
  return (end < 0 ? turns : turns.slice(0, end)).map(({ id }) => id);
}
