import { sha256 } from "../../../shared/sha256.ts";
import { parseJson } from "../../../shared/json.ts";
import type { TurnPart } from "../../../shared/turn-parts.ts";
import { wholeCharactersEnd } from "../../../shared/whole-characters.ts";
import type { Database } from "../../../sqlite/database.ts";

/** Of a piece, in UTF-16 units: 1.5 MB at most, and a row takes 2 MB. */
const PIECE_LENGTH = 512 * 1024;

/** Bytes of the parts of a turn `t`, in SQL. The column begins with them. */
export const partsBytes = (column: string): string => `cast(coalesce(${column}, '0') as integer)`;

/** The same of a row. */
export const bytesIn = (parts: string | null): number =>
  parts === null ? 0 : Number.parseInt(parts, 10);

/** Parts as JSON, and the value of their turn's column `parts`. Null: there are none. */
export function encodeParts(parts: readonly TurnPart[]): { mark: string; json: string } | null {
  if (parts.length === 0) return null;
  const json = JSON.stringify(parts);
  const hash = sha256(json);
  return { mark: `${Buffer.byteLength(json)} ${hash}`, json };
}

/**
 * Writes the parts of a turn, in the transaction that writes its row. Does nothing where they are there: the row's
 * trigger deletes those of other content.
 */
export function putParts(db: Database, turnId: number, json: string): void {
  if (db.scalar("select 1 from turn_parts where turn_id = ? limit 1", turnId) !== null) return;
  for (const piece of piecesOf(json))
    db.run("insert into turn_parts (turn_id, text) values (?, ?)", turnId, piece);
}

/** @param mark - the turn's column `parts`. @throws RangeError where a piece is missing */
export function readParts(db: Database, turnId: number, mark: string): TurnPart[] {
  const pieces = db.all<{ text: string }>(
    "select text from turn_parts where turn_id = +? order by id",
    turnId,
  );
  return parseParts(
    turnId,
    mark,
    pieces.map(({ text }) => text),
  );
}

/** The turn's column `parts`. Other content has another. Null: the row holds all of the turn, or there is no such turn. */
export const markOfParts = (db: Database, turnId: number): string | null =>
  db.scalar<string>("select parts from turns where id = ?", turnId);

/** A piece of a turn's parts. Its text is null where it was not asked for. */
export type PartsPiece = { text: string | null; bytes: number };

/**
 * One of the pieces of {@link readParts}: all of them take tens of ms. They are counted, as the same content that is written
 * again has other ids.
 *
 * @param isQuoteSought - the text of a piece is read only where a quote is in it, or a backslash at its end
 * @returns null after the last
 */
export const pieceOfParts = (
  db: Database,
  turnId: number,
  n: number,
  isQuoteSought = false,
): PartsPiece | null =>
  db.one<PartsPiece>(
    `select case when ? and instr(text, '"') = 0 and substr(text, -1) <> '\\' then null else text end as text,
       octet_length(text) as bytes
     from turn_parts where turn_id = +? order by id limit 1 offset ?`,
    isQuoteSought ? 1 : 0,
    turnId,
    n,
  );

/** @throws RangeError where a piece is missing */
function parseParts(turnId: number, mark: string, pieces: readonly string[]): TurnPart[] {
  const json = pieces.join("");
  if (Buffer.byteLength(json) !== bytesIn(mark))
    throw new RangeError(`the turn ${turnId} lacks some of its texts`);
  // The only numbers in it are places.
  return parseJson(json, false) as TurnPart[];
}

/** Copies parts to turns of the same numbers in another session, in a transaction. Both sessions' rows are written. */
export function copyParts(db: Database, from: number, to: number, lastSeq: number): void {
  const range = [from * 1_048_576, from * 1_048_576 + lastSeq] as const;
  const moved = (to - from) * 1_048_576;
  db.run(
    "insert into turn_parts (turn_id, text) select turn_id + ?, text from turn_parts where turn_id > ? and turn_id <= ? order by id",
    moved,
    ...range,
  );
  db.run(
    `update turns set (parts, input, output) =
       (select f.parts, f.input, f.output from turns f where f.id = turns.id - ?1)
     where id in (select t.id + ?1 from turns t where t.id > ?2 and t.id <= ?3 and t.parts is not null)`,
    moved,
    ...range,
  );
}

/** Never between the halves of a surrogate pair: SQLite has no halves. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = from + PIECE_LENGTH;
    const to = end < text.length ? wholeCharactersEnd(text, end) : end;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}
