import { StreamAccumulator } from "../../../openai/responses/response-pieces.ts";
import type { Piece } from "../../../openai/responses/response-pieces.ts";
import type { Database } from "../../../sqlite/database.ts";
import { settledView } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import { parseJson } from "../../../shared/json.ts";

/** A piece of an answer, as JSON. */
type PieceRow = { seq: number; pieces: string };

/** Keeps pieces of an answer that is on its way. Those that are there already stay. @param from - the number of the first */
export function putPieces(db: Database, turn: number, from: number, pieces: string): void {
  db.run("insert or ignore into streamed_pieces values (?, ?, ?)", turn, from, pieces);
}

/** From the number on, up to the first that is missing. */
export function piecesFrom(db: Database, turn: number, from: number): Piece[] {
  const found: Piece[] = [];
  const rows = db.all<PieceRow>(
    "select seq, pieces from streamed_pieces where turn_id = +? and seq >= ? order by seq",
    turn,
    from,
  );
  for (const { seq, pieces } of rows) {
    if (seq !== from + found.length) break;
    found.push(...(parseJson(pieces) as Piece[]));
  }
  return found;
}

/** Turns of sessions that have pieces. */
export const turnsWithPieces = (db: Database, keys: readonly number[]): number[] =>
  db
    .all<{ id: number }>(
      `select distinct p.turn_id as id from json_each(?) j cross join streamed_pieces p
       on p.turn_id >= j.value * 1048576 and p.turn_id < (j.value + 1) * 1048576`,
      JSON.stringify(keys),
    )
    .map(({ id }) => id);

/** Deletes pieces of turns that are not in progress. */
export function dropStalePieces(db: Database): void {
  db.run(
    "delete from streamed_pieces where not exists (select 1 from turns t where t.id = turn_id and t.status = 0)",
  );
}

/** @param range - turns, the last not included */
export function dropPieces(db: Database, range: readonly [number, number]): void {
  db.run("delete from streamed_pieces where turn_id >= ? and turn_id < ?", ...range);
}

/** A stored turn at `now`, see {@link settledView}. One that lost its worker has what that had sent of the answer. */
export function settledTurn(db: Database, stored: Turn, now: number): Turn {
  const turn = settledView(stored, now);
  return turn.status === "abandoned" ? withPieces(db, turn) : turn;
}

/** Adds the stored pieces of its answer to a turn that lost its worker. */
export function withPieces(db: Database, turn: Turn): Turn {
  const { response } = turn.extra;
  if (!response || turn.output !== null) return turn;
  const gathered = new StreamAccumulator();
  for (const piece of piecesFrom(db, turn.id, 0)) gathered.add(piece);
  if (gathered.items.length === 0) return turn;
  const extra = { ...turn.extra, response: { ...response, pieces: gathered.lengths } };
  return { ...turn, output: gathered.cutOff(), extra };
}
