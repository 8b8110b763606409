import type { Database } from "../../../sqlite/database.ts";
import { CatchUp } from "./catch-up.ts";
import { phrasesIn, quotedWords, termsIn } from "./match-expression.ts";
import { walkParts } from "./match-parts.ts";
import { rank } from "./rank-matches.ts";
import type { Pause } from "./rank-matches.ts";
import { conditions } from "./search-filter.ts";
import type { SearchFilter } from "./search-filter.ts";
import { hitsOf } from "./search-hits.ts";
import type { SearchHit } from "./search-hits.ts";
import { hasParts } from "./search-parts.ts";
import { SearchPieces } from "./search-pieces.ts";
import { SEARCH_BOUNDS, matchesIn } from "./search-matches.ts";
import type { Match, SearchBounds } from "./search-matches.ts";
import { sizeOf, volumesOf, watchVolumes } from "./search-volumes.ts";

/** Past so many matches, ranking would read them all: then they come newest first instead. */
const RANKED_MATCHES = 1_000;
/** Matches whose sessions are looked up together. */
const MATCHES_TOGETHER = 256;
/** Rows that statements read one after the other, before others have their turn. */
const PIECE_ROWS = 512;
/** A statement that reads no row takes as long as one that reads so many. */
const STATEMENT_ROWS = 64;
/** An account of one volume and no more words is searched in one piece. */
const WORDS_IN_ONE_PIECE = 200_000;
/** So many times a search looks, where rows of the index were moved meanwhile. */
const MOST_TRIES = 3;

export interface SearchResult {
  hits: SearchHit[];
  /** `rank`: best first. `newest`: too much matches for ranking. */
  order: "rank" | "newest";
  has_more: boolean;
  /** False: the search ended before it had looked at all turns. */
  complete: boolean;
}

interface Found {
  /** Newest first. */
  matches: Match[];
  isWhole: boolean;
}

interface FoundInOrder {
  ids: number[];
  order: SearchResult["order"];
  isWhole: boolean;
  /** Rows went to a newer volume meanwhile, so that some may be missing. */
  isMoved: boolean;
}

/** What a search looks in. */
interface Extent {
  /** Newest first. */
  volumes: string[];
  limit: number;
  pause: Pause;
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
  begin(): Promise<void> {
    return this.#catchUp.begin();
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
    let found = await this.#find(query, filter, end);
    for (let tries = 1; found.isMoved && tries < MOST_TRIES; tries += 1) {
      await this.pieces.next();
      found = await this.#find(query, filter, end);
    }
    const ids = found.ids.slice(page.offset);
    return {
      hits: await hitsOf(this.#db, ids.slice(0, page.limit), phrasesIn(query), this.pieces),
      order: found.order,
      has_more: ids.length > page.limit,
      complete: found.isWhole && !found.isMoved,
    };
  }

  /** The first turns that match and are the caller's own, up to `end`. */
  async #find(query: string, filter: SearchFilter, end: number): Promise<FoundInOrder> {
    const all = volumesOf(this.#db);
    const isUnmoved = watchVolumes(this.#db);
    const volumes = all.slice(-this.#bounds.volumes).toReversed();
    const extent = { volumes, limit: Math.max(end, RANKED_MATCHES + 1), pause: this.#pauseOf(all) };
    const short = await this.#findShort(query, filter, extent);
    const long = await this.#findLong(query, filter, extent);
    // A turn that became long meanwhile is there twice.
    const isShort = new Set(short.matches.map(({ id }) => id));
    long.ids = long.ids.filter((id) => !isShort.has(id));
    const ranked = await this.#rank(query, short, long, extent);
    const newest = () => [...isShort, ...long.ids].toSorted((a, b) => b - a);
    const ids = (ranked ?? newest().slice(0, extent.limit)).slice(0, end);
    const isMoved = !isUnmoved();
    await extent.pause(PIECE_ROWS);
    return {
      ids,
      order: ranked ? "rank" : "newest",
      isWhole: short.isWhole && long.isWhole && volumes.length === all.length,
      isMoved,
    };
  }

  #pauseOf([first = "", ...others]: string[]): Pause {
    const isSmall = others.length === 0 && sizeOf(this.#db, first).words <= WORDS_IN_ONE_PIECE;
    if (isSmall) return () => null;
    let read = 0;
    return (rows) => {
      read += rows + STATEMENT_ROWS;
      if (read < PIECE_ROWS) return null;
      read = 0;
      return this.pieces.next();
    };
  }

  /** Best first. Null: too much matches. */
  async #rank(query: string, short: Found, long: { ids: number[] }, { volumes, pause }: Extent) {
    if (short.matches.length + long.ids.length > RANKED_MATCHES) return null;
    const matches = { short: short.matches, long: long.ids };
    return rank(this.#db, volumes, quotedWords(query), matches, pause);
  }

  /** The newest turns that match and are the caller's own, of those that are one row each. */
  async #findShort(
    query: string,
    filter: SearchFilter,
    { volumes, limit, pause }: Extent,
  ): Promise<Found> {
    const matches: Match[] = [];
    let asked: Match[] = [];
    const take = () => {
      const own = new Set(
        this.#own(
          asked.map(({ id }) => id),
          filter,
        ),
      );
      matches.push(...asked.filter(({ id }) => own.has(id)));
      asked = [];
    };
    const { batch } = this.#bounds;
    const first = Math.ceil((RANKED_MATCHES + 1) / volumes.length);
    // Several words pass over more than they have together.
    const isWord = termsIn(query).length === 1;
    let read = 0;
    for (const step of matchesIn(this.#db, volumes, query, batch, first)) {
      if ("found" in step) asked.push(step.found);
      else {
        read += step.read;
        await pause(isWord ? step.read : PIECE_ROWS);
      }
      if (read > this.#bounds.turns) break;
      if (asked.length >= MATCHES_TOGETHER) {
        take();
        await pause(MATCHES_TOGETHER);
      }
      if (matches.length >= limit) break;
    }
    take();
    return { matches: matches.slice(0, limit), isWhole: read <= this.#bounds.turns };
  }

  /** Of the turns that are indexed in parts. Words may stand in different parts. */
  async #findLong(
    query: string,
    filter: SearchFilter,
    { volumes, limit, pause }: Extent,
  ): Promise<{ ids: number[]; isWhole: boolean }> {
    if (!hasParts(this.#db)) return { ids: [], isWhole: true };
    const walk = walkParts(this.#db, volumes, termsIn(query), this.#bounds.batch);
    let read = 0;
    let step = walk.next();
    for (; !step.done; step = walk.next()) {
      read += step.value;
      if (read > this.#bounds.turns) return { ids: [], isWhole: false };
      await pause(step.value);
    }
    const ids: number[] = [];
    for (let from = 0; from < step.value.length && ids.length < limit; from += MATCHES_TOGETHER) {
      if (from > 0) await pause(MATCHES_TOGETHER);
      ids.push(...this.#own(step.value.slice(from, from + MATCHES_TOGETHER), filter));
    }
    return { ids, isWhole: true };
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
}
