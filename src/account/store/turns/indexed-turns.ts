import { seqOf } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { writeSession } from "../sessions/write-session.ts";
import { forgetParts, indexPart, isInParts, turnsInParts } from "./search-parts.ts";
import type { TurnText } from "./search-parts.ts";
import { storedTexts } from "./stored-texts.ts";

/** The turns that the search index holds, where they change or go. The index has no copy of their words: callers have. */
type IndexedSession = { key: number; indexed: number };

function textOf(turn: Turn): TurnText {
  const [input, output] = storedTexts(turn);
  return { input, output };
}

const storedText = (db: Database, turnId: number): TurnText | null =>
  db.one<TurnText & Record<string, string | null>>(
    "select input, output from turns where id = ?",
    turnId,
  );

/**
 * Indexes the next part of a stored turn that is too long for one.
 *
 * @returns whether this was the last
 */
export function indexStoredPart(db: Database, turnId: number): boolean {
  const text = storedText(db, turnId);
  return text === null || indexPart(db, turnId, text);
}

/**
 * A turn says something else now. In the transaction that changes it.
 *
 * @param indexed - up to which turn the session is indexed
 */
export function reindexTurn(db: Database, indexed: number, before: Turn, after: Turn): void {
  const hadParts = forgetParts(db, before.id, textOf(before));
  // A turn that is half indexed is begun again by the next search.
  if (seqOf(before.id) > indexed) return;
  if (!hadParts) forget(db, before.id, textOf(before));
  index(db, after);
}

/**
 * Indexes the next part of an archived turn that is too long for one.
 *
 * @returns whether this was the last. True: it is not too long
 */
export function indexArchivedPart(db: Database, turn: Turn): boolean {
  const text = textOf(turn);
  return !isInParts(text) || indexPart(db, turn.id, text);
}

/** Indexes the next turns of an archived session, as they were read from the archive. In a transaction. */
export function indexArchivedTurns(db: Database, key: number, turns: readonly Turn[]): void {
  const last = turns.at(-1);
  if (!last) return;
  for (const turn of turns) index(db, turn);
  writeSession(db, key, "update sessions set indexed = ? where key = ?", seqOf(last.id), key);
}

/** Takes sessions out of the index, before their turns are deleted. */
export function forgetTurns(db: Database, sessions: readonly IndexedSession[]): void {
  if (sessions.length === 0) return;
  db.run(
    `insert into turn_search (turn_search, rowid, input, output)
     select 'delete', t.id, t.input, t.output from json_each(?) j
     cross join turns t on t.id > (j.value ->> 0) * 1048576 and t.id <= (j.value ->> 0) * 1048576 + (j.value ->> 1)
     where not exists (select 1 from search_parts p where p.turn_id = t.id)`,
    JSON.stringify(sessions.map(({ key, indexed }) => [key, indexed])),
  );
  const keys = sessions.map(({ key }) => key);
  for (const id of turnsInParts(db, keys)) {
    const text = storedText(db, id);
    if (text) forgetParts(db, id, text);
  }
}

/** Removes all of the session's turns from the index. */
export function unindexTurns(db: Database, session: IndexedSession): void {
  forgetTurns(db, [session]);
  if (session.indexed === 0) return;
  writeSession(db, session.key, "update sessions set indexed = 0 where key = ?", session.key);
}

/** Removes an archived session's turns from the index: their words come from the archive. */
export function forgetArchivedTurns(
  db: Database,
  { key, indexed }: IndexedSession,
  turns: readonly Turn[],
): void {
  for (const turn of turns) {
    const hadParts = forgetParts(db, turn.id, textOf(turn));
    if (!hadParts && seqOf(turn.id) <= indexed) forget(db, turn.id, textOf(turn));
  }
  writeSession(db, key, "update sessions set indexed = 0 where key = ?", key);
}

function index(db: Database, turn: Turn): void {
  const text = textOf(turn);
  if (isInParts(text)) while (!indexPart(db, turn.id, text));
  else
    db.run(
      "insert into turn_search (rowid, input, output) values (?, ?, ?)",
      turn.id,
      text.input,
      text.output,
    );
}

const forget = (db: Database, turnId: number, { input, output }: TurnText): void =>
  db.run(
    "insert into turn_search (turn_search, rowid, input, output) values ('delete', ?, ?, ?)",
    turnId,
    input,
    output,
  );
