import type { Database } from "../../../sqlite/database.ts";
import { newestVolume } from "./search-volumes.ts";

/** Pages of 4 KB that are merged in one transaction: 32 take 1.5 to 6 ms. FTS5 does not stop inside of one word's places, which a volume bounds. */
const PAGES = 32;

/**
 * Merges some of the segments that transactions leave in the newest volume, each with its words in order. FTS5 merges by itself, too,
 * in the transaction that adds the eighth segment of a size: 64 pages for each size there is, which takes 28 ms in an index
 * of 15 MB. It finds nothing to do where this is called after each slice until it returns false. In a transaction.
 *
 * @returns whether there may be more to merge
 */
export const mergeSegments = (db: Database): boolean => merge(db, newestVolume(db), PAGES);

/**
 * Merges some of a volume's segments, whatever sizes they are, until there is one. Does nothing where there is one. In a
 * transaction.
 *
 * @returns whether there may be more to merge
 */
export const mergeAll = (db: Database, volume: string): boolean => merge(db, volume, -PAGES);

function merge(db: Database, volume: string, pages: number): boolean {
  const before = segmentsOf(db, volume);
  db.run(`insert into ${volume} (${volume}, rank) values ('merge', ?)`, pages);
  return segmentsOf(db, volume) !== before;
}

/** FTS5's list of segments. Source: sqlite.org/fts5.html, the "structure" record. */
const segmentsOf = (db: Database, volume: string): string | null =>
  db.scalar(`select hex(block) from ${volume}_data where id = 10`);
