import type { Database } from "../../../sqlite/database.ts";
import type { Match } from "./search-matches.ts";
import { hasVolume, sizeOf, varintsIn } from "./search-volumes.ts";
import type { VolumeSize } from "./search-volumes.ts";

/** Ranking counts every place of a match: past so many words in the matches, they come newest first. */
const RANKED_WORDS = 200_000;
/** It counts the rows of each word, too, in the volumes that have matches. */
const RANKED_TURNS = 5_000;
/** Rows that the matches are in: a long turn has one a part. */
const RANKED_ROWS = 2_000;

/** What is to be ranked: turns that are a row each, and turns in parts. */
export interface Matches {
  short: readonly Match[];
  long: readonly number[];
}

/** Others may have their turn there. @param rows - that a statement has read */
export type Pause = (rows: number) => Promise<void> | null;
/** The rows of an index that are ranked, each with its length in words, by their volumes. */
type RowsOf = Map<string, Map<number, number>>;
/** In how many rows of the volumes a phrase is, by the volume. */
type PhraseRows = Map<string, number>;

/**
 * Turns, best first, by FTS5's bm25 with the numbers of all volumes that have matches together: in a volume of few rows each
 * word would seem common. With one volume the order is that of FTS5. A turn in parts ranks as its best part that has all the
 * words. A turn of which no part has all of them comes last. No other turn that the words match is ranked: other users may
 * have many.
 *
 * @param volumes - newest first
 * @param phrases - each an expression
 * @returns null where that would be much work
 */
export async function rank(
  db: Database,
  volumes: readonly string[],
  phrases: readonly string[],
  { short, long }: Matches,
  pause: Pause,
): Promise<number[] | null> {
  const turnOf = turnsOfParts(db, long);
  if (short.length + turnOf.size > RANKED_ROWS) return null;
  const rows = await rowsToRank(db, volumes, short, [...turnOf.keys()], pause);
  const counted = rows && (await countPhrases(db, [...rows.keys()], phrases, pause));
  if (!rows || !counted) return null;
  const best = new Map<number, number>();
  for (const [row, score] of await scoresOf(db, rows, counted, pause)) {
    const id = turnOf.get(row) ?? row;
    best.set(id, Math.min(score, best.get(id) ?? Infinity));
  }
  // FTS5's best score is the lowest.
  const scoreOf = (id: number) => best.get(id) ?? Infinity;
  const order = (one: number, other: number) =>
    scoreOf(one) < scoreOf(other) ? -1 : scoreOf(one) > scoreOf(other) ? 1 : other - one;
  return [...short.map(({ id }) => id), ...long].toSorted(order);
}

/** The turn of each part's row. */
const turnsOfParts = (db: Database, turns: readonly number[]): Map<number, number> =>
  new Map(
    turns.length === 0
      ? []
      : db
          .all<{ row: number; turn_id: number }>(
            `select -p.id as row, p.turn_id from json_each(?) m cross join search_parts p on p.turn_id = m.value
             limit +?`,
            JSON.stringify(turns),
            RANKED_ROWS + 1,
          )
          .map(({ row, turn_id }) => [row, turn_id]),
  );

/** @returns null where they have too many words */
async function rowsToRank(
  db: Database,
  volumes: readonly string[],
  short: readonly Match[],
  parts: readonly number[],
  pause: Pause,
): Promise<RowsOf | null> {
  const rows: RowsOf = new Map();
  const shortOf = Map.groupBy(short, ({ volume }) => volume);
  let left = parts;
  let words = 0;
  for (const volume of volumes) {
    const asked = [...(shortOf.get(volume) ?? []).map(({ id }) => id), ...left];
    if (asked.length === 0) continue;
    const there = sizesIn(db, volume, asked);
    const lengths = new Map(there.map(({ id, size }) => [id, sum(varintsIn(size))]));
    if (lengths.size > 0) rows.set(volume, lengths);
    left = left.filter((id) => !lengths.has(id));
    words += sum(lengths.values());
    if (words > RANKED_WORDS) return null;
    await pause(asked.length);
  }
  return rows;
}

const sizesIn = (
  db: Database,
  volume: string,
  rows: readonly number[],
): { id: number; size: string }[] =>
  hasVolume(db, volume)
    ? db.all<{ id: number; size: string }>(
        `select d.id, hex(d.sz) as size from json_each(?) m cross join ${volume}_docsize d on d.id = m.value`,
        JSON.stringify(rows),
      )
    : [];

/** @returns null where a phrase is in too many rows */
async function countPhrases(
  db: Database,
  volumes: readonly string[],
  phrases: readonly string[],
  pause: Pause,
): Promise<Map<string, PhraseRows> | null> {
  const counted = new Map<string, PhraseRows>();
  for (const phrase of phrases) {
    const counts: PhraseRows = new Map();
    let all = 0;
    for (const volume of volumes) {
      const count = hasVolume(db, volume)
        ? countRows(db, volume, phrase, RANKED_TURNS - all + 1)
        : 0;
      counts.set(volume, count);
      all += count;
      if (all > RANKED_TURNS) return null;
      await pause(count);
    }
    // FTS5 takes a phrase for nothing that has no word by its own tables.
    if (all > 0) counted.set(phrase, counts);
  }
  return counted;
}

const countRows = (db: Database, volume: string, phrase: string, limit: number): number =>
  db.scalar<number>(
    `select count(*) from (select 1 from ${volume} where ${volume} match ? limit +?)`,
    phrase,
    limit,
  ) ?? 0;

/** The scores of rows that have all the phrases: the lowest is the best. */
async function scoresOf(
  db: Database,
  rows: RowsOf,
  counted: ReadonlyMap<string, PhraseRows>,
  pause: Pause,
): Promise<Map<number, number>> {
  const sizes = new Map([...rows.keys()].map((volume) => [volume, sizeNow(db, volume)]));
  const all = {
    rows: sum([...sizes.values()].map((size) => size.rows)),
    words: sum([...sizes.values()].map((size) => size.words)),
  };
  const scores = new Map<number, number>();
  for (const [volume, lengths] of rows) {
    const own = sizes.get(volume) ?? all;
    let having = new Map([...lengths.keys()].map((id) => [id, 0]));
    for (const [phrase, counts] of counted) {
      const count = counts.get(volume) ?? 0;
      const weight = weightOf(all.rows, sum(counts.values()));
      const found = count === 0 ? [] : scoresIn(db, volume, phrase, [...having.keys()]);
      having = new Map(
        found.map(({ id, score }) => {
          const length = lengths.get(id) ?? 0;
          const times = timesOf(-score / weightOf(own.rows, count), dampOf(length, own));
          return [id, (having.get(id) ?? 0) - weight * partOf(times, dampOf(length, all))];
        }),
      );
      await pause(count);
    }
    for (const [id, score] of having) scores.set(id, score);
  }
  return scores;
}

const sizeNow = (db: Database, volume: string): VolumeSize =>
  hasVolume(db, volume) ? sizeOf(db, volume) : { rows: 0, words: 0 };

/** FTS5's bm25 of one phrase, in those rows. The plus keeps FTS5 from walking the index once for each of them. */
const scoresIn = (
  db: Database,
  volume: string,
  phrase: string,
  rows: readonly number[],
): { id: number; score: number }[] =>
  hasVolume(db, volume)
    ? db.all<{ id: number; score: number }>(
        `select f.rowid as id, f.rank as score from ${volume} f
         where ${volume} match ?2 and +f.rowid in (select value from json_each(?1))`,
        JSON.stringify(rows),
        phrase,
      )
    : [];

/*
 * FTS5's bm25 of a phrase in a row is its weight times its part. The part comes from how many times the row has the phrase,
 * damped by the row's length. Each line is as FTS5 calculates, so that one volume has its order. Source:
 * sqlite.org/fts5.html, "The bm25() function".
 */
const K1 = 1.2;
const B = 0.75;

/** How much a phrase counts, by the rows that have it. */
function weightOf(rows: number, having: number): number {
  const idf = Math.log((rows - having + 0.5) / (having + 0.5));
  return idf > 0 ? idf : 1e-6;
}

const dampOf = (length: number, { rows, words }: VolumeSize): number =>
  K1 * (1 - B + (B * length) / (words / rows));

const partOf = (times: number, damp: number): number => (times * (K1 + 1)) / (times + damp);

/** The other way round. A row that has the phrase has it once at least: others may write between two statements. */
const timesOf = (part: number, damp: number): number => {
  const times = Math.round((part * damp) / (K1 + 1 - part));
  return times >= 1 ? times : 1;
};

const sum = (numbers: Iterable<number>): number =>
  [...numbers].reduce((total, each) => total + each, 0);
