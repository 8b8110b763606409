import { seqOf, turnId } from "../../../shared/ids.ts";
import { searchedText } from "../../../shared/searched-text.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { writeSession } from "../sessions/write-session.ts";
import { INDEXED_BASE, dropOldIndex, indexedSeq } from "./index-version.ts";
import { deleteRows, insertRows } from "./index-rows.ts";
import type { IndexRow } from "./index-rows.ts";
import {
  forgetParts,
  indexAllParts,
  indexParts,
  isInParts,
  markFinished,
  markUnfinished,
  turnHasParts,
  turnsInParts,
} from "./search-parts.ts";
import { storedText, textsThrough } from "./searched-turns.ts";

/**
 * The turns that the search index holds, where they change or go. The index has no copy of their words: they come from the
 * turns again.
 */
type IndexedSession = { key: number; indexed: number };

/**
 * A turn says something else now. In the transaction that changes it. A long one is indexed again by the next search:
 * see {@link finishTurn}.
 *
 * @param indexed - of its session
 */
export function reindexTurn(db: Database, indexed: number, before: Turn, after: Turn): void {
  // Nothing of the session was ever indexed.
  if (indexed === 0 && !turnHasParts(db, before.id)) return;
  if (dropOldIndex(db)) return;
  const [was, is] = [searchedText(before), searchedText(after)];
  // The mark of a turn that was taken out for this change stays: it is indexed again.
  if (was.input === is.input && was.output === is.output) return;
  const hadParts = forgetParts(db, before.id, was, isInParts(is) ? is : null);
  // A turn that is half indexed is gone on with by the next search.
  if (seqOf(before.id) > indexedSeq(indexed)) return;
  if (!hadParts) forgetRows(db, [[before.id, was]]);
  if (isInParts(is)) markUnfinished(db, after.id);
  else indexRows(db, [[after.id, is]]);
}

/**
 * Indexes the next parts of a turn that changed. In a transaction.
 *
 * @param text - null: the turn is gone
 * @returns whether these were the last
 */
export function finishTurn(db: Database, id: number, text: SearchedText | null): boolean {
  const isDone = text === null || indexParts(db, id, text);
  if (isDone) markFinished(db, id);
  return isDone;
}

/**
 * Indexes the next parts of an archived turn that is too long for one. In a transaction.
 *
 * @returns whether these were the last. True: it is not too long
 */
export const indexArchivedParts = (db: Database, id: number, text: SearchedText): boolean =>
  !isInParts(text) || indexParts(db, id, text);

/** Indexes the next turns of an archived session, as they were read from the archive. In a transaction. */
export function indexArchivedTurns(db: Database, key: number, turns: readonly Turn[]): void {
  const last = turns.at(-1);
  if (!last) return;
  for (const turn of turns) indexTurns(db, [[turn.id, searchedText(turn)]]);
  markIndexed(db, [[key, seqOf(last.id)]]);
}

/** Takes sessions out of the index, before their turns are deleted. In a transaction. */
export function forgetTurns(db: Database, sessions: readonly IndexedSession[]): void {
  if (sessions.length === 0) return;
  const keys = sessions.map(({ key }) => key);
  const inParts = new Set(turnsInParts(db, keys));
  // Nothing of the sessions was ever indexed.
  if (inParts.size === 0 && sessions.every(({ indexed }) => indexed === 0)) return;
  if (dropOldIndex(db)) return;
  for (const { key, indexed } of sessions)
    for (const texts of textsThrough(db, turnId(key, 0), turnId(key, indexedSeq(indexed))))
      forgetRows(
        db,
        texts.filter(([id]) => !inParts.has(id)),
      );
  for (const id of inParts) {
    const text = storedText(db, id);
    if (text) forgetParts(db, id, text);
  }
}

/** Removes all of the session's turns from the index. */
export function unindexTurns(db: Database, session: IndexedSession): void {
  forgetTurns(db, [session]);
  if (session.indexed !== 0) markUnindexed(db, session.key);
}

/** The sessions are indexed up to these turns. */
export function markIndexed(db: Database, last: readonly (readonly [number, number])[]): void {
  const keys = last.map(([key]) => key);
  writeSession(
    db,
    keys,
    `update sessions set indexed = ${INDEXED_BASE} + (j.value ->> 1) from json_each(?) j
     where sessions.key = j.value ->> 0`,
    JSON.stringify(last),
  );
}

const markUnindexed = (db: Database, key: number): void =>
  writeSession(db, key, "update sessions set indexed = 0 where key = ?", key);

/** Indexes each turn as a row, or as all of its parts. */
export function indexTurns(db: Database, turns: readonly [number, SearchedText][]): void {
  const { parts = [], rows = [] } = Object.groupBy(turns, ([, text]) =>
    isInParts(text) ? "parts" : "rows",
  );
  indexAllParts(db, parts);
  indexRows(db, rows);
}

/** Indexes turns that are a row each. */
export const indexRows = (db: Database, turns: readonly [number, SearchedText][]): void =>
  insertRows(db, turns.map(rowOf));

/** Takes turns that are a row each out of the index. */
export const forgetRows = (db: Database, turns: readonly [number, SearchedText][]): void =>
  deleteRows(db, turns.map(rowOf));

const rowOf = ([id, { input, output }]: [number, SearchedText]): IndexRow => [id, input, output];
