import { keyOf, seqOf, turnId } from "../../../shared/ids.ts";
import { letOthersRun } from "../../../shared/let-others-run.ts";
import { searchedText } from "../../../shared/searched-text.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { sessionByKey } from "../sessions/sessions.ts";
import type { SessionRow } from "../sessions/sessions.ts";
import { writeSession } from "../sessions/write-session.ts";
import { INDEXED_BASE, dropOldIndex, indexedSeq } from "./index-version.ts";
import { forgetRows } from "./indexed-turns.ts";
import {
  forgetLastPart,
  lastTurnInParts,
  markFinished,
  markUnfinished,
  turnHasParts,
} from "./search-parts.ts";
import { LongText } from "./index-slices.ts";
import { STORED_BYTES, storedTexts, within } from "./searched-turns.ts";

/**
 * Text that is taken out of the index in one transaction, in bytes. It takes some 15 µs a byte, and 50 where all turns of a
 * volume have the same words: for every word of a turn FTS5 seeks in each of its segments, goes through the word's rows and
 * overwrites the word there, where indexing only appends.
 */
export const FORGET_BYTES = 512;
/** Turns that are looked at for a slice. */
const FORGET_TURNS = 32;

/**
 * Takes the last indexed turns of a live session out of the index: up to {@link FORGET_BYTES} of text, or one turn that is
 * longer, or a part of it. The session is indexed less far then, as it says. In a transaction.
 *
 * @param longText - keeps the text of a turn in parts from slice to slice
 * @returns whether there may be more
 */
export function forgetSlice(db: Database, key: number, longText = new LongText()): boolean {
  const session = sessionByKey(db, key);
  if (!session || session.segment !== null) return false;
  const indexed = turnId(key, indexedSeq(session.indexed));
  const last = Math.max(indexed, lastTurnInParts(db, key) ?? 0);
  if (seqOf(last) === 0 || dropOldIndex(db)) return false;
  const sized = db.all<{ id: number; bytes: number }>(
    `select t.id, ${STORED_BYTES} as bytes from turns t where t.id > ? and t.id <= ? order by t.id desc limit +?`,
    turnId(key, 0),
    last,
    FORGET_TURNS,
  );
  const ids = within(sized, FORGET_BYTES);
  if (ids.length > 0) forgetLast(db, session, textsOf(db, ids, longText));
  else lowerIndexed(db, session, 0);
  return ids.length > 0;
}

/**
 * Takes the last part of a live session's turn out of the index, before the turn changes. Until then, and after a crash, the
 * turn is one that is not finished. In a transaction.
 *
 * @returns whether there are more
 */
export function forgetTurnSlice(db: Database, id: number, longText = new LongText()): boolean {
  const session = sessionByKey(db, keyOf(id));
  if (!session || session.segment !== null || dropOldIndex(db)) return false;
  const text = turnHasParts(db, id) ? longText.of(db, id) : null;
  if (text === null) return false;
  if (seqOf(id) <= indexedSeq(session.indexed)) markUnfinished(db, id);
  return forgetLastPart(db, id, text);
}

function textsOf(
  db: Database,
  ids: readonly number[],
  longText: LongText,
): readonly (readonly [number, SearchedText])[] {
  const [only] = ids;
  const text = ids.length === 1 && only !== undefined ? longText.of(db, only) : null;
  return only === undefined || text === null ? storedTexts(db, ids) : [[only, text]];
}

/**
 * Takes an archived session's last turns out of the index, slice by slice, a transaction each: their words come from the
 * archive. Ends where the session came back meanwhile.
 *
 * @param before - the number of the turn before them, up to which the session stays indexed; 0 for none
 */
export async function forgetArchivedTurns(
  db: Database,
  key: number,
  turns: readonly Turn[],
  before = 0,
): Promise<void> {
  await forgetTexts(db, key, turns, searchedText, before);
}

/**
 * {@link forgetArchivedTurns}, with the turns' texts, which are asked for one after the other, each once.
 *
 * @returns whether it is done; false: the session came back meanwhile
 */
export async function forgetTexts<T extends { id: number }>(
  db: Database,
  key: number,
  turns: readonly T[],
  textOf: (turn: T) => SearchedText,
  before = 0,
): Promise<boolean> {
  const lastOf = (left: number) => turns.slice(Math.max(0, left - FORGET_TURNS), left);
  const textOnce = keepingLast(textOf);
  for (let left = turns.length; left > 0; await letOthersRun()) {
    const done = db.transaction(() => forgetArchivedSlice(db, key, lastOf(left), textOnce));
    if (done === null) return false;
    left -= done;
  }
  return db.transaction(() => {
    const session = sessionByKey(db, key);
    if (!session || session.segment === null) return false;
    lowerIndexed(db, session, before);
    return true;
  });
}

/** @returns how many of the last turns are done, or null where no other is to be looked at */
function forgetArchivedSlice<T extends { id: number }>(
  db: Database,
  key: number,
  turns: readonly T[],
  textOf: (turn: T) => SearchedText,
): number | null {
  const session = sessionByKey(db, key);
  if (!session || session.segment === null || dropOldIndex(db)) return null;
  const last: [number, SearchedText][] = [];
  let bytes = 0;
  for (const turn of turns.toReversed()) {
    const text = textOf(turn);
    bytes += lengthOf(text);
    if (bytes > FORGET_BYTES && last.length > 0) break;
    last.push([turn.id, text]);
    // The text of the turn before would take the place of a long one, which is asked for again.
    if (bytes >= FORGET_BYTES) break;
  }
  return forgetLast(db, session, last);
}

/** A turn in parts is asked for once a part: its text is made once. */
function keepingLast<T extends { id: number }>(
  textOf: (turn: T) => SearchedText,
): (turn: T) => SearchedText {
  let last: { id: number; text: SearchedText } | null = null;
  return (turn) => {
    if (last?.id !== turn.id) last = { id: turn.id, text: textOf(turn) };
    return last.text;
  };
}

/**
 * @param last - the last indexed turns of the session, the last one first
 * @returns how many of them are no longer in the index
 */
function forgetLast(
  db: Database,
  session: SessionRow,
  last: readonly (readonly [number, SearchedText])[],
): number {
  const [first] = last;
  if (!first) return 0;
  if (turnHasParts(db, first[0])) {
    const isLeft = forgetLastPart(db, ...first);
    // From here on the turn is half indexed.
    lowerIndexed(db, session, seqOf(first[0]) - 1);
    if (!isLeft) markFinished(db, first[0]);
    return isLeft ? 0 : 1;
  }
  const end = last.findIndex(([id]) => turnHasParts(db, id));
  const rows = end < 0 ? last : last.slice(0, end);
  const through = indexedSeq(session.indexed);
  forgetRows(
    db,
    rows.filter(([id]) => seqOf(id) <= through).map(([id, text]) => [id, text]),
  );
  lowerIndexed(db, session, Math.min(...rows.map(([id]) => seqOf(id))) - 1);
  return rows.length;
}

const lengthOf = ({ input, output }: SearchedText): number => input.length + (output?.length ?? 0);

/** The session is indexed up to that turn at most; 0 for none. */
function lowerIndexed(db: Database, { key }: SessionRow, seq: number): void {
  const left = seq === 0 ? 0 : INDEXED_BASE + seq;
  writeSession(db, key, "update sessions set indexed = min(indexed, ?) where key = ?", left, key);
}
