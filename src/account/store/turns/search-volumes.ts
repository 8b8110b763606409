import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /**
     * A volume whose rows are being copied to the newest one, and the last row that was, in the order of the ids: rows up to
     * that one are in both. See volume-moves.ts.
     */
    moving_volume: { volume: string; through: number | null };
  }
}

/**
 * The search index is several FTS5 tables, its volumes. FTS5 merges all places of one word in one step, and answers a query
 * in one statement: the size of a volume bounds both, whatever the account stores.
 */
export const VOLUME_BOUNDS = {
  /**
   * A volume with so many words takes no more turns. A row counts as {@link ROW_WORDS} words. It is about the bytes that
   * FTS5 takes for the places of one word, where nothing else is stored. Measured: 14 to 25 ms for their merge.
   */
  words: 1_500_000,
};

/** FTS5 writes a row's id, and more, to the places of each of its words: 4 bytes where a place takes one. */
const ROW_WORDS = 4;

/** All volumes have the options of the first one, which a migration made. */
const OPTIONS =
  "input, output, content = 'turns', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'";

/** What FTS5 counts of a volume: its rows and their words. */
export interface VolumeSize {
  rows: number;
  words: number;
}

/** The tables of the index, oldest first. Those of a number that went are gone for good. */
export const volumesOf = (db: Database): string[] => numbersOf(db).map((number) => tableOf(number));

/** Whether it is there still: where other calls run meanwhile, a volume may lose its last row, and go. */
export const hasVolume = (db: Database, volume: string): boolean => volumesOf(db).includes(volume);

/**
 * Begins to watch the volumes. Other calls run meanwhile.
 *
 * @returns whether none of them has lost all of its rows since: those of one that is moved are in a newer one
 */
export function watchVolumes(db: Database): () => boolean {
  const before = volumesOf(db);
  // The first one stays, and is empty then.
  const hasRows = () => db.scalar(`select 1 from ${tableOf(1)}_docsize limit 1`) !== null;
  const had = hasRows();
  return () => {
    const now = new Set(volumesOf(db));
    return before.every((volume) => now.has(volume)) && (!had || hasRows());
  };
}

/** Turns are added to this one. The others only lose some. */
export const newestVolume = (db: Database): string => tableOf(numbersOf(db).at(-1) ?? 1);

/** The volume whose rows may be in another one, too. */
export const movingVolume = (db: Database): string | null =>
  readValue(db, "moving_volume")?.volume ?? null;

const numbersOf = (db: Database): number[] => readValue(db, "search_volumes") ?? [1];
const tableOf = (number: number): string =>
  number === 1 ? "turn_search" : `turn_search_${number}`;

/** Source: sqlite.org/fts5.html, the "averages" record. FTS5 writes it when a transaction ends, and when one begins. */
export function sizeOf(db: Database, volume: string): VolumeSize {
  const record = db.scalar<string>(`select hex(block) from ${volume}_data where id = 1`) ?? "";
  const [rows = 0, ...columns] = varintsIn(record);
  return { rows, words: columns.reduce((sum, words) => sum + words, 0) };
}

/** How much of a volume's bound they take. */
export const fillOf = ({ rows, words }: VolumeSize): number => words + rows * ROW_WORDS;

/** SQLite's varints, from hexadecimal digits: seven bits a byte, the largest first. */
export function varintsIn(hex: string): number[] {
  const all: number[] = [];
  let value = 0;
  for (const byte of Buffer.from(hex, "hex")) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    all.push(value);
    value = 0;
  }
  return all;
}

/** Whether no volume has a row. */
export const isEmptyIndex = (db: Database): boolean =>
  volumesOf(db).every((volume) => db.scalar(`select 1 from ${volume}_docsize limit 1`) === null);

/** The volume for what is added now: a new one, where the newest is full. In a transaction. */
export function volumeToFill(db: Database): string {
  const newest = newestVolume(db);
  return fillOf(sizeOf(db, newest)) < VOLUME_BOUNDS.words ? newest : addVolume(db);
}

/** Begins a new volume, which is the newest from then on. In a transaction. */
export function addVolume(db: Database): string {
  const numbers = numbersOf(db);
  const number = (numbers.at(-1) ?? 1) + 1;
  const table = tableOf(number);
  createVolume(db, table);
  writeValue(db, "search_volumes", [...numbers, number]);
  return table;
}

function createVolume(db: Database, table: string): void {
  db.run(`create virtual table ${table} using fts5 (${OPTIONS})`);
  db.run(`insert into ${table} (${table}, rank) values ('secure-delete', 1)`);
  // See migration 0026.
  db.run(`insert into ${table} (${table}, rank) values ('automerge', 8)`);
}

/**
 * Drops a volume that has lost all its rows. Migrations name the first one, and the newest is there to be filled.
 *
 * @returns whether it did
 */
export function dropEmptyVolume(db: Database, volume: string): boolean {
  const isKept = volume === tableOf(1) || volume === newestVolume(db);
  // Row 0 is of no turn: see volume-rewrites.ts.
  if (isKept || db.scalar(`select 1 from ${volume}_docsize where id <> 0 limit 1`) !== null)
    return false;
  removeVolume(db, volume);
  return true;
}

/**
 * Drops a volume with all that it holds. The first one is made again, empty. Not another one that is the newest. In a
 * transaction.
 *
 * @param freed - is called when its pages are free, and before any of them is used again
 */
export function removeVolume(
  db: Database,
  volume: string,
  freed: () => void = () => undefined,
): void {
  db.run(`drop table ${volume}`);
  freed();
  if (volume === tableOf(1)) createVolume(db, volume);
  else
    writeValue(
      db,
      "search_volumes",
      numbersOf(db).filter((number) => tableOf(number) !== volume),
    );
}

/** Drops all volumes, and makes the first one again. In a transaction. @param freed - see {@link removeVolume} */
export function emptyIndex(db: Database, freed?: () => void): void {
  while (dropVolume(db));
  deleteValue(db, "moving_volume");
  removeVolume(db, tableOf(1), freed);
}

/** Drops a volume beside the first one, with all that it holds. In a transaction. @returns whether there was one */
export function dropVolume(db: Database): boolean {
  // The list may be older than the tables, where an account's values were put back.
  const table = db.scalar<string>(
    `select name from sqlite_master where name glob 'turn_search_*' and sql like 'create virtual table%' limit 1`,
  );
  if (table !== null) db.run(`drop table ${table}`);
  const isLeft = (number: number) => number === 1 || (table !== null && tableOf(number) !== table);
  const numbers = numbersOf(db);
  const left = numbers.filter(isLeft);
  if (left.length !== numbers.length) writeValue(db, "search_volumes", left);
  return table !== null;
}
