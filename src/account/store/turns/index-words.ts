import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { Database } from "../../../sqlite/database.ts";
import { rowsIn } from "./index-rows.ts";
import { hasVolume, volumesOf } from "./search-volumes.ts";

/** The words of a row of the index, as FTS5 has them: folded, and without what stood between them. */
export interface RowWords {
  input: string[];
  output: string[];
}

/** Places of words that are looked at before other calls run. */
const SLICE_PLACES = 20_000;
/** Different words that are looked at together. */
const MOST_TERMS = 64;

/**
 * Reads words of rows back from the index: for turns whose texts cannot be read any more. It goes through all words of the
 * volumes that have the rows, a range at a time. Nothing else may add or take these rows meanwhile.
 *
 * @param rows - ids of turns, and negative ids of parts
 */
export async function wordsOfRows(
  db: Database,
  rows: readonly number[],
): Promise<Map<number, RowWords>> {
  const words = new Map<number, RowWords>();
  for (const volume of volumesOf(db)) {
    const there = hasVolume(db, volume) ? rowsIn(db, volume, rows) : [];
    for (const id of there) words.set(id, { input: [], output: [] });
    if (there.length > 0) await readVolume(db, volume, JSON.stringify(there), words);
  }
  return words;
}

async function readVolume(
  db: Database,
  volume: string,
  rows: string,
  words: Map<number, RowWords>,
): Promise<void> {
  // A crash may have left them.
  dropTables(db);
  db.run(`create virtual table index_terms using fts5vocab(${volume}, row)`);
  db.run(`create virtual table index_words using fts5vocab(${volume}, instance)`);
  try {
    let after = "";
    for (let terms = 1; ;) {
      const { through, places } = termsAfter(db, after, terms);
      if (through === null) return;
      const found = db.all<{ term: string; doc: number; col: keyof RowWords }>(
        `select term, doc, col from index_words where term > ? and term <= ?
         and doc in (select value from json_each(?))`,
        after,
        through,
        rows,
      );
      for (const { term, doc, col } of found) words.get(doc)?.[col].push(term);
      after = through;
      terms = places < SLICE_PLACES ? Math.min(terms * 2, MOST_TERMS) : 1;
      await letOthersRun();
    }
  } finally {
    dropTables(db);
  }
}

/** The last of the next words, and in how many places they are. */
const termsAfter = (
  db: Database,
  after: string,
  terms: number,
): { through: string | null; places: number } =>
  db.one<{ through: string | null; places: number }>(
    `select max(term) as through, coalesce(sum(cnt), 0) as places
     from (select term, cnt from index_terms where term > ? order by term limit +?)`,
    after,
    terms,
  ) ?? { through: null, places: 0 };

function dropTables(db: Database): void {
  db.run("drop table if exists index_terms");
  db.run("drop table if exists index_words");
}
