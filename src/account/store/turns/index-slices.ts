import { keyOf, seqOf } from "../../../shared/ids.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { Database } from "../../../sqlite/database.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
import { INDEXED_SEQ, dropOldIndex } from "./index-version.ts";
import { indexTurns, markIndexed } from "./indexed-turns.ts";
import { indexParts, isInParts } from "./search-parts.ts";
import type { SearchPieces } from "./search-pieces.ts";
import {
  STORED_BYTES,
  storedText,
  storedTextInPieces,
  storedTexts,
  within,
} from "./searched-turns.ts";

/** Text that is indexed in one transaction, in bytes. 64 KiB of words that are all different take 5 ms. */
export const SLICE_BYTES = 64 * 1024;
/** Turns that are looked at for a slice. */
const SLICE_TURNS = 500;
/** Sessions that are looked at together for turns that are not indexed. */
const STALE_SESSIONS = 5_000;

/** Turns that no longer change: completed, or no longer the last one, which may be retried. Numbers may have gaps. */
const FINAL = `(t.status = 1 or exists (
  select 1 from turns n where n.id > t.id and n.id < (s.key + 1) * 1048576))`;
/** Live sessions `s`. The journal is not searched. */
const LIVE = `s.segment is null and s.flags & ${JOURNAL} = 0`;
const UNINDEXED_TURNS = `t.id > s.key * 1048576 + ${INDEXED_SEQ} and t.id < (s.key + 1) * 1048576`;
const UNINDEXED = `cross join sessions s on s.key = j.value cross join turns t
  on ${UNINDEXED_TURNS} where ${LIVE} and ${FINAL}`;

/** Some sessions after the key `after` that have turns to index, and where the next ones begin; null after the last. */
export function staleSessions(
  db: Database,
  after: number,
): { keys: number[]; through: number | null } {
  const through = db.scalar<number>(
    "select max(key) from (select key from sessions where key > ? order by key limit +?)",
    after,
    STALE_SESSIONS,
  );
  if (through === null) return { keys: [], through: null };
  const keys = db
    .all<{ key: number }>(
      `select s.key from sessions s where s.key > ? and s.key <= ? and ${LIVE} and exists (
         select 1 from turns t where ${UNINDEXED_TURNS})`,
      after,
      through,
    )
    .map(({ key }) => key);
  return { keys, through };
}

/** The text of a long turn, which is indexed in many slices. It is made once. */
export class LongText {
  #last: { id: number; text: SearchedText | null } | null = null;
  /** What is being made. Null: its turn was written meanwhile. */
  #next: { id: number } | null = null;

  /** Makes the text in pieces, where the next of these sessions' turns to index is a long one. */
  async prepare(db: Database, keys: readonly number[], pieces: SearchPieces): Promise<void> {
    const [next] = unindexed(db, keys, 1);
    if (next && next.bytes > SLICE_BYTES) await this.prepareTurn(db, next.id, pieces);
  }

  /** Makes a turn's text in pieces. */
  async prepareTurn(db: Database, id: number, pieces: SearchPieces): Promise<void> {
    if (this.#last?.id === id) return;
    const next = { id };
    this.#next = next;
    const text = await storedTextInPieces(db, id, pieces);
    if (this.#next === next) this.#last = { id, text };
  }

  of(db: Database, id: number): SearchedText | null {
    if (this.#last?.id !== id) this.#last = { id, text: storedText(db, id) };
    return this.#last.text;
  }

  /** The turns of a session were written, or an unknown one's. */
  forget(key: number | null): void {
    const isOf = (turn: { id: number }) => key === null || keyOf(turn.id) === key;
    if (this.#last && isOf(this.#last)) this.#last = null;
    if (this.#next && isOf(this.#next)) this.#next = null;
  }
}

/**
 * Indexes the next turns of these sessions, up to {@link SLICE_BYTES} of text, or some parts of one turn that is longer. In a
 * transaction.
 *
 * @returns the sessions that may have more; none when all are indexed
 */
export function indexSlice(
  db: Database,
  keys: readonly number[],
  longText = new LongText(),
): number[] {
  dropOldIndex(db);
  const next = unindexed(db, keys, SLICE_TURNS);
  const [first] = next;
  if (!first) {
    longText.forget(null);
    return [];
  }
  const keysFrom = (id: number) => keys.slice(keys.indexOf(keyOf(id)));
  if (first.bytes > SLICE_BYTES) {
    const text = longText.of(db, first.id);
    if (text === null || indexLong(db, first.id, text))
      markIndexed(db, [[keyOf(first.id), seqOf(first.id)]]);
    return keysFrom(first.id);
  }
  const ids = within(next, SLICE_BYTES);
  indexTurns(db, storedTexts(db, ids));
  markIndexed(db, [...new Map(ids.map((id) => [keyOf(id), seqOf(id)]))]);
  const isAll = ids.length === next.length && next.length < SLICE_TURNS;
  return isAll ? [] : keysFrom(ids.at(-1) ?? first.id);
}

/** The next turns of these sessions to index. */
const unindexed = (
  db: Database,
  keys: readonly number[],
  limit: number,
): { id: number; bytes: number }[] =>
  db.all<{ id: number; bytes: number }>(
    `select t.id, ${STORED_BYTES} as bytes from json_each(?) j ${UNINDEXED} limit +?`,
    JSON.stringify(keys),
    limit,
  );

/** @returns whether the turn is indexed now. A turn that is long by its pictures may have little text. */
function indexLong(db: Database, id: number, text: SearchedText): boolean {
  if (isInParts(text)) return indexParts(db, id, text);
  indexTurns(db, [[id, text]]);
  return true;
}
