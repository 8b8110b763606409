import type { Database } from "../../../sqlite/database.ts";
import { hasVolume } from "./search-volumes.ts";

/** How far a search goes, whatever the account stores. */
export interface SearchBounds {
  /** Volumes that a search looks in: those that were made last, with what was indexed last. */
  volumes: number;
  /** Turns that match: after so many, the search ends with those that are the caller's own. */
  turns: number;
  /** Matches that one statement reads. */
  batch: number;
}

/**
 * Measured: 256 turns of a word take 0.4 ms, and 16 words that are never together some 35 ms in each volume. 256 volumes
 * have 5 million turns of 75 words.
 */
export const SEARCH_BOUNDS: SearchBounds = { volumes: 256, turns: 200_000, batch: 256 };

export interface Match {
  id: number;
  volume: string;
}

/** A turn that matches, or a piece of work that is done: so many turns were read. */
export type Step = { found: Match } | { read: number };

/**
 * The turns that match, newest first, of those that are a row each. Each statement reads a batch of the matches in one
 * volume, and {@link Step} says so: the caller lets others have their turn there.
 *
 * @param first - matches that the first statement in a volume reads. The next ones read twice as many, up to a batch
 */
export function* matchesIn(
  db: Database,
  volumes: readonly string[],
  query: string,
  batch: number,
  first = batch,
): Generator<Step> {
  const lists = volumes.map((volume) => new MatchList(db, volume, query, { first, batch }));
  for (const list of lists) yield { read: list.read() };
  for (let last = Number.MAX_SAFE_INTEGER; ;) {
    const list = lists.reduce((one, other) => (other.newest > one.newest ? other : one));
    const id = list.newest;
    if (id === NONE) return;
    // A turn that changed meanwhile went to another volume.
    if (id < last) yield { found: { id, volume: list.volume } };
    last = id;
    list.skip();
    if (list.isLacking) yield { read: list.read() };
  }
}

/** Ids of turns are positive. */
const NONE = 0;

/** The turns of a volume that match, read a batch at a time. */
class MatchList {
  readonly #db: Database;
  readonly volume: string;
  readonly #query: string;
  readonly #most: number;
  #batch: number;
  #ids: number[] = [];
  #at = 0;
  #through = Number.MAX_SAFE_INTEGER;
  #isWhole = false;

  constructor(
    db: Database,
    volume: string,
    query: string,
    { first, batch }: { first: number; batch: number },
  ) {
    this.#db = db;
    this.volume = volume;
    this.#query = query;
    this.#batch = first;
    this.#most = Math.max(first, batch);
  }

  /** The newest one that was read and not skipped. */
  get newest(): number {
    return this.#ids[this.#at] ?? NONE;
  }

  skip(): void {
    this.#through = this.newest - 1;
    this.#at += 1;
  }

  get isLacking(): boolean {
    return this.#at >= this.#ids.length && !this.#isWhole;
  }

  /** @returns how many were read */
  read(): number {
    this.#ids = hasVolume(this.#db, this.volume) ? this.#next() : [];
    this.#at = 0;
    this.#isWhole = this.#ids.length < this.#batch;
    this.#batch = Math.min(this.#batch * 2, this.#most);
    return this.#ids.length;
  }

  #next(): number[] {
    // FTS5 seeks to a bound that is an integer, and numbers are bound as doubles.
    return this.#db
      .all<{ id: number }>(
        `select rowid as id from ${this.volume} where ${this.volume} match ? and rowid > 0
         and rowid <= cast(? as integer) order by rowid desc limit +?`,
        this.#query,
        this.#through,
        this.#batch,
      )
      .map(({ id }) => id);
  }
}
