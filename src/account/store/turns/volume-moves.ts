import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";
import { mergeSegments } from "./index-merges.ts";
import { insertRows, rowsIn } from "./index-rows.ts";
import type { IndexRow } from "./index-rows.ts";
import { wordsBetween } from "./index-words.ts";
import type { RowWords } from "./index-words.ts";
import {
  VOLUME_BOUNDS,
  addVolume,
  fillOf,
  hasVolume,
  movingVolume,
  newestVolume,
  removeVolume,
  sizeOf,
  varintsIn,
  volumesOf,
} from "./search-volumes.ts";
import { forgetThinned, hasThinned, thinnedIn } from "./thinned-volumes.ts";
import { rewriteThinned } from "./volume-rewrites.ts";

/** Words, where a row counts as some more. */
export const MOVE_BOUNDS = {
  /** Are read together. Each time SQLite goes through all words of the volume. */
  read: 400_000,
  /** Are added to the newest volume in one transaction: about 64 KiB of text. */
  slice: 12_000,
};
/** A volume that lost rows, and has less than this share of its bound, is moved to the newest one. */
const THIN_SHARE = 1 / 16;
/** Rows whose sizes are looked at in one statement. */
const ROWS_TOGETHER = 5_000;

/**
 * One step of the maintenance: writes volumes again that lost rows, or moves the rows that one has left to the newest volume.
 * Each volume costs every search a statement.
 *
 * @returns whether there is more
 */
export async function tendVolumes(db: Database): Promise<boolean> {
  const volume = movingVolume(db) ?? nextThin(db);
  if (volume === null) return rewriteThinned(db);
  await copyVolume(db, volume);
  db.transaction(() => {
    finishMove(db);
  });
  return hasThinned(db);
}

/** The first volume stays in any case, as migrations name it. */
function nextThin(db: Database): string | null {
  const { due, begun } = thinnedIn(db);
  const lost = new Set([...due, begun]);
  const isThin = (volume: string) =>
    lost.has(volume) && fillOf(sizeOf(db, volume)) < VOLUME_BOUNDS.words * THIN_SHARE;
  return volumesOf(db).slice(1, -1).find(isThin) ?? null;
}

/**
 * Copies all rows of a volume to the newest one, in pieces. FTS5 has no text of them: their words are read from the volume,
 * and FTS5 makes the same words of them again. Other calls run in between. It goes on after a crash where it was. Nothing
 * else may move rows meanwhile. {@link finishMove} ends it.
 *
 * @param copied - is called after each transaction
 */
export async function copyVolume(
  db: Database,
  volume: string,
  copied: () => void = () => undefined,
): Promise<void> {
  db.transaction(() => {
    if (newestVolume(db) === volume) addVolume(db);
    if (movingVolume(db) !== volume) writeValue(db, "moving_volume", { volume, through: null });
  });
  for (;;) {
    const rows = nextRows(db, volume);
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (first === undefined || last === undefined) return;
    const words = await wordsBetween(db, volume, first, last);
    for (let at = 0; at < rows.length;) {
      at += db.transaction(() => copySlice(db, volume, rows.slice(at), words));
      copied();
      do await letOthersRun();
      while (db.transaction(() => mergeSegments(db)));
      copied();
    }
  }
}

/**
 * Drops the volume whose rows were copied. In a transaction.
 *
 * @param freed - see {@link removeVolume}
 */
export function finishMove(db: Database, freed?: () => void): void {
  const volume = movingVolume(db);
  if (volume === null) return;
  deleteValue(db, "moving_volume");
  if (!hasVolume(db, volume)) return;
  forgetThinned(db, volume);
  removeVolume(db, volume, freed);
}

/** The next rows of the volume, in the order of their ids: as many as are read together. */
function nextRows(db: Database, volume: string): number[] {
  const moving = readValue(db, "moving_volume");
  // An index of another version was dropped meanwhile, or this volume lost its last row.
  if (moving?.volume !== volume || !hasVolume(db, volume)) return [];
  const rows: number[] = [];
  let after = moving.through ?? Number.MIN_SAFE_INTEGER;
  for (let words = 0; words < MOVE_BOUNDS.read;) {
    const sizes: { id: number; size: string }[] = db.all<{ id: number; size: string }>(
      // Row 0 is of no turn: see volume-rewrites.ts.
      `select id, hex(sz) as size from ${volume}_docsize where id > ? and id <> 0 order by id limit +?`,
      after,
      ROWS_TOGETHER,
    );
    for (const { id, size } of sizes) {
      if (words >= MOVE_BOUNDS.read) break;
      rows.push(id);
      after = id;
      words += fillOf({ rows: 1, words: varintsIn(size).reduce((sum, each) => sum + each, 0) });
    }
    if (sizes.length < ROWS_TOGETHER) break;
  }
  return rows;
}

/** @returns how many of the rows are done */
function copySlice(
  db: Database,
  volume: string,
  rows: readonly number[],
  words: ReadonlyMap<number, RowWords>,
): number {
  if (movingVolume(db) !== volume || !hasVolume(db, volume)) return rows.length;
  let count = 0;
  for (let sum = 0; count < rows.length && sum < MOVE_BOUNDS.slice; count += 1) {
    const own = words.get(rows[count] ?? 0);
    sum += fillOf({ rows: 1, words: (own?.input.length ?? 0) + (own?.output.length ?? 0) });
  }
  const slice = rows.slice(0, count);
  // Those that went meanwhile stay away.
  const there = new Set(rowsIn(db, volume, slice));
  insertRows(
    db,
    slice.filter((id) => there.has(id)).map((id) => rowOf(id, words.get(id))),
  );
  writeValue(db, "moving_volume", { volume, through: slice.at(-1) ?? null });
  return count;
}

const rowOf = (id: number, words: RowWords | undefined): IndexRow => [
  id,
  words?.input.join(" ") ?? null,
  words?.output.join(" ") ?? null,
];
