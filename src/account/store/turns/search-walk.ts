import type { Database } from "../../../sqlite/database.ts";

/**
 * How much one statement of a search may pass over. FTS5 cannot stop in the middle: two words that are never in one turn
 * make it walk through all turns of both. Measured: 3.2 million words passed over by 16 words take 73 ms.
 */
export interface SearchBounds {
  /** Words of all turns up to which one statement answers any query. */
  words: number;
  /** Up to so many words one statement answers a query that has a rare word. */
  rareWords: number;
  /** A word that is in so many turns or fewer is rare. */
  rareTurns: number;
  /** Turns of one word that one statement reads, where the query is walked through. */
  batch: number;
  /** Turns that a walk looks at in all: after that, the search ends with what was found. */
  turns: number;
}

export const SEARCH_BOUNDS: SearchBounds = {
  words: 1_500_000,
  rareWords: 100_000_000,
  rareTurns: 20_000,
  batch: 256,
  turns: 200_000,
};

/** Words of all turns in the index: FTS5 keeps their sum. Source: sqlite.org/fts5.html, the "averages" record. */
export function indexedWords(db: Database): number {
  const record = db.scalar<string>("select hex(block) from turn_search_data where id = 1") ?? "";
  const [_turns, ...columns] = varintsIn(record);
  return columns.reduce((sum, words) => sum + words, 0);
}

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

/** A turn that matches, or a piece of work that is done: so many turns were read. */
export type Step = { found: number } | { read: number };

/**
 * The turns that match all the expressions, newest first. Each statement reads a batch of the turns that one expression
 * matches, and {@link Step} says so: the caller lets others have their turn there.
 */
export function* walkMatches(
  db: Database,
  expressions: readonly string[],
  batch: number,
): Generator<Step> {
  const lists = expressions.map((expression) => new MatchList(db, expression, batch));
  let through = Number.MAX_SAFE_INTEGER;
  let agreeing = 0;
  for (let at = 0; ; at = (at + 1) % lists.length) {
    const list = lists[at] as MatchList;
    if (list.lacks(through)) yield { read: list.read(through) };
    const newest = list.newest(through);
    if (newest === null) return;
    agreeing = newest === through ? agreeing + 1 : 1;
    through = newest;
    if (agreeing < lists.length) continue;
    yield { found: newest };
    through = newest - 1;
    agreeing = 0;
  }
}

/** The turns that an expression matches, read a batch at a time. */
class MatchList {
  readonly #db: Database;
  readonly #expression: string;
  readonly #batch: number;
  #ids: number[] = [];
  /** The place in `#ids` up to which ids are done. */
  #at = 0;
  #isWhole = false;

  constructor(db: Database, expression: string, batch: number) {
    this.#db = db;
    this.#expression = expression;
    this.#batch = batch;
  }

  /** Whether the next turn through `id` has to be read first. */
  lacks(id: number): boolean {
    while ((this.#ids[this.#at] ?? 0) > id) this.#at += 1;
    return this.#at >= this.#ids.length && !this.#isWhole;
  }

  /** @returns how many were read */
  read(through: number): number {
    // FTS5 seeks to a bound that is an integer, and numbers are bound as doubles.
    this.#ids = this.#db
      .all<{ id: number }>(
        `select rowid as id from turn_search where turn_search match ? and rowid > 0
         and rowid <= cast(? as integer) order by rowid desc limit ?`,
        this.#expression,
        through,
        this.#batch,
      )
      .map(({ id }) => id);
    this.#at = 0;
    this.#isWhole = this.#ids.length < this.#batch;
    return this.#ids.length;
  }

  /** The newest turn through `id`; null for none. */
  newest(id: number): number | null {
    this.lacks(id);
    return this.#ids[this.#at] ?? null;
  }
}
