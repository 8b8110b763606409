import type { Database } from "../../../sqlite/database.ts";
import {
  dropEmptyVolume,
  hasVolume,
  movingVolume,
  volumeToFill,
  volumesOf,
} from "./search-volumes.ts";
import { noteThinned } from "./thinned-volumes.ts";

/** A turn, by its id, or a part of one, by the part's id, negative. */
export type IndexRow = [rowid: number, input: string | null, output: string | null];

/** A statement takes 100 parameters. */
const ROWS_TOGETHER = 32;

/** FTS5 ends a segment, and writes its pages, where a row's id is lower than the one before: they come in ascending order. */
export function insertRows(db: Database, rows: readonly IndexRow[]): void {
  if (rows.length === 0) return;
  const volume = volumeToFill(db);
  const ascending = rows.toSorted(([a], [b]) => a - b);
  for (let from = 0; from < rows.length; from += ROWS_TOGETHER) {
    const some = ascending.slice(from, from + ROWS_TOGETHER);
    db.run(
      `insert into ${volume} (rowid, input, output) values ${some.map(() => "(?, ?, ?)").join(", ")}`,
      ...some.flat(),
    );
  }
}

/** Takes rows out of the volumes that have them. The index has no copy of their texts: they are the ones that were inserted. */
export function deleteRows(db: Database, rows: readonly IndexRow[]): void {
  const moving = movingVolume(db);
  let left = rows;
  for (const volume of volumesOf(db).toReversed()) {
    // Its rows may be in a newer volume, too.
    if (volume === moving) continue;
    if (left.length === 0) break;
    const gone = deleteThere(db, volume, left);
    left = left.filter(([id]) => !gone.has(id));
  }
  if (moving !== null && hasVolume(db, moving)) deleteThere(db, moving, rows);
}

/** @returns the ids of those that the volume had */
function deleteThere(db: Database, volume: string, rows: readonly IndexRow[]): Set<number> {
  const ids = rows.map(([id]) => id);
  const there = new Set(rowsIn(db, volume, ids));
  if (there.size === 0) return there;
  deleteFrom(
    db,
    volume,
    rows.filter(([id]) => there.has(id)),
  );
  if (!dropEmptyVolume(db, volume)) noteThinned(db, volume);
  return there;
}

/** Which of these rows a volume has. */
export const rowsIn = (db: Database, volume: string, ids: readonly number[]): number[] =>
  db
    .all<{ id: number }>(
      `select d.id from json_each(?) j cross join ${volume}_docsize d on d.id = j.value`,
      JSON.stringify(ids),
    )
    .map(({ id }) => id);

function deleteFrom(db: Database, volume: string, rows: readonly IndexRow[]): void {
  for (let from = 0; from < rows.length; from += ROWS_TOGETHER) {
    const some = rows.slice(from, from + ROWS_TOGETHER);
    db.run(
      `insert into ${volume} (${volume}, rowid, input, output) values ${some.map(() => "('delete', ?, ?, ?)").join(", ")}`,
      ...some.flat(),
    );
  }
}
