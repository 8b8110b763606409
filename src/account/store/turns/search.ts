import type { Database } from "../../../sqlite/database.ts";
import { CatchUp } from "./catch-up.ts";
import { phrasesIn, quotedWords, termsIn } from "./match-expression.ts";
import { rankWithParts, walkParts } from "./match-parts.ts";
import { conditions } from "./search-filter.ts";
import type { SearchFilter } from "./search-filter.ts";
import { hitsOf } from "./search-hits.ts";
import type { SearchHit } from "./search-hits.ts";
import { hasParts } from "./search-parts.ts";
import { SearchPieces } from "./search-pieces.ts";
import { SEARCH_BOUNDS, indexedWords, varintsIn, walkMatches } from "./search-walk.ts";
import type { SearchBounds } from "./search-walk.ts";

/** Past so many matches, ranking would read them all: then they come newest first instead. */
const RANKED_MATCHES = 1_000;
/** Ranking counts every place of a match: past so many words in the matches, they come newest first. */
const RANKED_WORDS = 200_000;
/** It counts the turns of each word, too. */
const RANKED_TURNS = 5_000;
/** Rows that the matches are in: a long turn has one a part. */
const RANKED_ROWS = 2_000;
/** Matches whose sessions are looked up together. */
const MATCHES_TOGETHER = 256;

export interface SearchResult {
  hits: SearchHit[];
  /** `rank`: best first. `newest`: too much matches for ranking. */
  order: "rank" | "newest";
  has_more: boolean;
  /** False: the search ended before it had looked at all turns. */
  complete: boolean;
}

interface Found {
  ids: number[];
  isWhole: boolean;
  /** Whether turns are among them that are indexed in parts. FTS5 ranks rows: see {@link rankWithParts}. */
  hasLong: boolean;
}

interface Extent {
  isLight: boolean;
  limit: number;
}

/**
 * Full-text search over turns, live and archived. A search indexes turns in bulk, so that accounts that never search
 * pay nothing. The words of archived turns stay in the index. Whatever is stored and asked, a search works in pieces,
 * and other calls run between them.
 */
export class SearchIndex {
  readonly #db: Database;
  readonly #bounds: SearchBounds;
  readonly #catchUp: CatchUp;
  /** Of all searches of the account. */
  readonly pieces: SearchPieces;

  constructor(db: Database, bounds = SEARCH_BOUNDS, pieces = new SearchPieces()) {
    this.#db = db;
    this.#bounds = bounds;
    this.pieces = pieces;
    this.#catchUp = new CatchUp(db, pieces);
  }

  turnWritten(key: number): void {
    this.#catchUp.turnWritten(key);
  }

  /**
   * Indexes sessions before they are archived, so that their words stay. Does nothing in an account that never
   * searched.
   *
   * @returns whether their words are in the index
   */
  indexBeforeArchive(keys: readonly number[]): Promise<boolean> {
    return this.#catchUp.indexBeforeArchive(keys);
  }

  /**
   * Takes live sessions out of the index before they are deleted, so that the transactions that delete them are short.
   *
   * @param deletion - deletes them. Searches that run meanwhile index none of them
   */
  forget(keys: readonly number[], deletion?: () => void | Promise<void>): Promise<void> {
    return this.#catchUp.forget(keys, deletion);
  }

  /** Takes a long turn out of the index before it changes, so that the transaction that changes it is short. */
  forgetTurn(id: number): Promise<void> {
    return this.#catchUp.forgetTurn(id);
  }

  /** From now on what is archived is indexed. */
  begin(): void {
    this.#catchUp.begin();
  }

  /** @param query - words, all of which must be there; see {@link matchExpression} */
  async search(
    query: string,
    page: { limit: number; offset: number },
    filter: SearchFilter = {},
  ): Promise<SearchResult> {
    await this.#catchUp.run();
    await this.pieces.next();
    const end = page.offset + page.limit + 1;
    const words = indexedWords(this.#db);
    const isLight = words <= this.#bounds.words || (await this.#hasRareWord(query, words));
    const found = await this.#find(query, filter, {
      isLight,
      limit: Math.max(end, RANKED_MATCHES + 1),
    });
    const pause = () => (words > RANKED_WORDS ? this.pieces.next() : null);
    await pause();
    const isRanked = isLight && this.#isRankable(query, found.ids);
    const order = isRanked ? "rank" : "newest";
    const ids =
      isRanked && !found.hasLong
        ? this.#ranked(query, filter, end - page.offset, page.offset)
        : (isRanked ? rankWithParts(this.#db, query, found.ids) : found.ids).slice(
            page.offset,
            end,
          );
    await pause();
    return {
      hits: await hitsOf(this.#db, ids.slice(0, page.limit), phrasesIn(query), this.pieces),
      order,
      has_more: ids.length > page.limit,
      complete: found.isWhole,
    };
  }

  /** Whether some word is in few turns: then no statement walks far, as it goes from one turn of that word to the next. */
  async #hasRareWord(query: string, words: number): Promise<boolean> {
    const { rareWords, rareTurns } = this.#bounds;
    if (words > rareWords) return false;
    for (const term of termsIn(query)) {
      if (this.#countTurns(term, rareTurns) <= rareTurns) return true;
      await this.pieces.next();
    }
    return false;
  }

  /** The newest turns that match and are the caller's own. */
  async #find(query: string, filter: SearchFilter, extent: Extent): Promise<Found> {
    const short = await this.#findShort(query, filter, extent);
    if (!hasParts(this.#db)) return short;
    const long = await this.#findLong(query, filter, extent.limit);
    return {
      ids: [...short.ids, ...long.ids].toSorted((a, b) => b - a).slice(0, extent.limit),
      isWhole: short.isWhole && long.isWhole,
      hasLong: long.ids.length > 0,
    };
  }

  /** Of the turns that are one row each. */
  async #findShort(
    query: string,
    filter: SearchFilter,
    { isLight, limit }: Extent,
  ): Promise<Found> {
    const [expressions, batch] = isLight
      ? [[query], RANKED_MATCHES + 1]
      : [termsIn(query), this.#bounds.batch];
    const ids: number[] = [];
    let matches: number[] = [];
    const take = () => {
      ids.push(...this.#own(matches, filter));
      matches = [];
    };
    let read = 0;
    for (const step of walkMatches(this.#db, expressions, batch)) {
      if ("found" in step) matches.push(step.found);
      else {
        if (read > 0) await this.pieces.next();
        read += step.read;
        if (read > this.#bounds.turns) {
          take();
          return { ids, isWhole: false, hasLong: false };
        }
      }
      if (matches.length >= MATCHES_TOGETHER) take();
      if (ids.length >= limit) break;
    }
    take();
    return { ids: ids.slice(0, limit), isWhole: true, hasLong: false };
  }

  /** Of the turns that are indexed in parts. Words may stand in different parts. */
  async #findLong(query: string, filter: SearchFilter, limit: number): Promise<Found> {
    const walk = walkParts(this.#db, termsIn(query), this.#bounds.batch);
    let read = 0;
    let step = walk.next();
    for (; !step.done; step = walk.next()) {
      read += step.value;
      if (read > this.#bounds.turns) return { ids: [], isWhole: false, hasLong: false };
      await this.pieces.next();
    }
    const ids: number[] = [];
    for (let from = 0; from < step.value.length && ids.length < limit; from += MATCHES_TOGETHER) {
      if (from > 0) await this.pieces.next();
      ids.push(...this.#own(step.value.slice(from, from + MATCHES_TOGETHER), filter));
    }
    return { ids, isWhole: true, hasLong: ids.length > 0 };
  }

  /** Those of the turns whose sessions fit the filter. */
  #own(ids: readonly number[], filter: SearchFilter): number[] {
    const { sql, params } = conditions(filter);
    if (sql === "" || ids.length === 0) return [...ids];
    return this.#db
      .all<{ id: number }>(
        `select m.value as id from json_each(?) m cross join sessions s on s.key = m.value / 1048576
         where 1 ${sql} order by m.key`,
        JSON.stringify(ids),
        ...params,
      )
      .map(({ id }) => id);
  }

  #ranked(query: string, filter: SearchFilter, limit: number, offset: number): number[] {
    const { sql, params } = conditions(filter);
    const joined = sql === "" ? "" : "join sessions s on s.key = f.rowid / 1048576";
    return this.#db
      .all<{ id: number }>(
        `select f.rowid as id from turn_search f ${joined} where turn_search match ? and f.rowid > 0 ${sql}
         order by f.rank, f.rowid desc limit ? offset ?`,
        query,
        ...params,
        limit,
        offset,
      )
      .map(({ id }) => id);
  }

  /** Whether ranking these is little work, whatever is stored and asked. */
  #isRankable(query: string, matches: readonly number[]): boolean {
    if (matches.length > RANKED_MATCHES) return false;
    const sizes = this.#db.all<{ size: string }>(
      `select hex(sz) as size from turn_search_docsize where id in (select value from json_each(?1))
       union all select hex(d.sz) from json_each(?1) m cross join search_parts p on p.turn_id = m.value
       cross join turn_search_docsize d on d.id = -p.id limit ?2`,
      JSON.stringify(matches),
      RANKED_ROWS,
    );
    if (sizes.length === RANKED_ROWS) return false;
    const words = sizes.reduce(
      (sum, { size }) => sum + varintsIn(size).reduce((all, each) => all + each, 0),
      0,
    );
    if (words > RANKED_WORDS) return false;
    return quotedWords(query).every((word) => this.#countTurns(word, RANKED_TURNS) <= RANKED_TURNS);
  }

  /** How many turns match, up to one more than `limit`. */
  #countTurns(expression: string, limit: number): number {
    const counted = this.#db.scalar<number>(
      "select count(*) from (select 1 from turn_search where turn_search match ? limit ?)",
      expression,
      limit + 1,
    );
    return counted ?? 0;
  }
}
