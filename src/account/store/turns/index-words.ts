import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { Database } from "../../../sqlite/database.ts";
import { rowsIn } from "./index-rows.ts";
import { hasVolume, varintsIn, volumesOf } from "./search-volumes.ts";

/** The words of a row of the index, as FTS5 has them: folded, and without what stood between them. */
export interface RowWords {
  input: string[];
  output: string[];
}

/** Places of words that are read together, where no row has as many. */
const SLICE_PLACES = 20_000;
/** Different words that are looked at together. */
const MOST_TERMS = 1_024;

/** Which rows of a volume: a condition on the column that has their ids, and its parameters. */
interface Wanted {
  where: (column: string) => string;
  params: (string | number)[];
}

const isListed = (column: string): string => `${column} in (select value from json_each(?))`;
const isBetween = (column: string): string =>
  `${column} between cast(? as integer) and cast(? as integer)`;

/**
 * Reads words of rows back from the index, in their order: for turns whose texts cannot be read any more. It goes through all
 * words of the volumes that have the rows, a range at a time. Nothing else may add or take these rows meanwhile.
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
    if (there.length > 0)
      await readVolume(db, volume, { where: isListed, params: [JSON.stringify(there)] }, words);
  }
  return words;
}

/** {@link wordsOfRows} of all rows of a volume from an id to another. Rows may go meanwhile. */
export async function wordsBetween(
  db: Database,
  volume: string,
  first: number,
  last: number,
): Promise<Map<number, RowWords>> {
  const words = new Map<number, RowWords>();
  await readVolume(db, volume, { where: isBetween, params: [first, last] }, words);
  return words;
}

async function readVolume(
  db: Database,
  volume: string,
  { where, params }: Wanted,
  words: Map<number, RowWords>,
): Promise<void> {
  if (!hasVolume(db, volume)) return;
  const sizes = db.all<{ id: number; size: string }>(
    `select id, hex(sz) as size from ${volume}_docsize where ${where("id")}`,
    ...params,
  );
  // More than any row has, so that each reading gets to another row.
  let limit = SLICE_PLACES;
  for (const { id, size } of sizes) {
    const [input = 0, output = 0] = varintsIn(size);
    limit = Math.max(limit, input + output + 1);
    words.set(id, { input: Array<string>(input), output: Array<string>(output) });
  }
  // A crash may have left them.
  dropTables(db);
  db.run(`create virtual table index_terms using fts5vocab(${volume}, row)`);
  db.run(`create virtual table index_words using fts5vocab(${volume}, instance)`);
  try {
    let after = "";
    for (let terms = 1; hasVolume(db, volume);) {
      const { through, places } = termsAfter(db, after, terms);
      if (through === null) return;
      const isMuch = places > SLICE_PLACES;
      if (isMuch && terms > 1) terms = 1;
      else {
        // The places of one word come in the order of the rows.
        let from: number | null = Number.MIN_SAFE_INTEGER;
        while (from !== null && hasVolume(db, volume)) {
          from = takePlaces(db, { after, through, from, limit, where, params }, words);
          await letOthersRun();
        }
        after = through;
        terms = isMuch ? 1 : Math.min(terms * 2, MOST_TERMS);
      }
    }
  } finally {
    dropTables(db);
  }
}

/** Of the words after one, through another, in rows from an id on. */
interface Places {
  after: string;
  through: string;
  from: number;
  limit: number;
}

/**
 * Takes the next places of words.
 *
 * @returns the row that the next ones begin with, where these are as many as are read together
 */
function takePlaces(
  db: Database,
  { after, through, from, limit, where, params }: Wanted & Places,
  words: Map<number, RowWords>,
): number | null {
  const found = db.all<{ term: string; doc: number; col: keyof RowWords; offset: number }>(
    `select term, doc, col, offset from index_words
     where term > ? and term <= ? and ${where("doc")} and doc >= cast(? as integer) limit +?`,
    after,
    through,
    ...params,
    from,
    limit,
  );
  let last = "";
  for (const { term, doc, col, offset } of found) {
    // One string for all places of a word.
    if (term !== last) last = term;
    const own = words.get(doc);
    if (own) own[col][offset] = last;
  }
  return found.length < limit ? null : (found.at(-1)?.doc ?? null);
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
