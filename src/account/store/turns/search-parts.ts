import type { SearchedText } from "../../../shared/searched-text.ts";
import { wholeCharactersEnd } from "../../../shared/whole-characters.ts";
import type { Database } from "../../../sqlite/database.ts";
import { deleteRows, insertRows } from "./index-rows.ts";
import type { IndexRow } from "./index-rows.ts";

/**
 * A row of the index has no more text, in UTF-16 units: a turn that is longer is indexed in parts. A row leaves in one step,
 * as FTS5 seeks each of its words, and writes a page for each. A full volume takes two thirds of the time that it takes for
 * twice as much.
 */
export const PART_LENGTH = 8 * 1024;
/** Parts that are indexed in one transaction: it takes 5 ms, where all of their words are different. */
const PARTS_TOGETHER = 8;
/** A part ends at a space, or else between two words, where there is one in so many UTF-16 units before its bound. */
const CUT_LENGTH = PART_LENGTH / 2;

export type Part = { id: number; side: "input" | "output"; begins: number; ends: number };

const LAST_PART =
  "select id, side, begins, ends from search_parts where turn_id = +? order by id desc limit 1";

/** The parts of a turn that the index has, in order. */
export const partsOfTurn = (db: Database, turnId: number): Part[] =>
  db.all<Part>(
    "select id, side, begins, ends from search_parts where turn_id = +? order by id",
    turnId,
  );

/** Whether a turn is indexed in parts. */
export const isInParts = ({ input, output }: SearchedText): boolean =>
  input.length + (output?.length ?? 0) > PART_LENGTH;

/**
 * Indexes the next parts of a turn. FTS5 indexes a row as a whole, so that each part is a row of its own.
 *
 * @returns whether these were the last
 */
export function indexParts(db: Database, turnId: number, text: SearchedText): boolean {
  const rows: IndexRow[] = [];
  const isDone = addParts(db, turnId, text, rows, PARTS_TOGETHER);
  insertRows(db, rows);
  return isDone;
}

/** Indexes all parts of turns that the index lacks. */
export function indexAllParts(db: Database, turns: readonly [number, SearchedText][]): void {
  const rows: IndexRow[] = [];
  for (const [turnId, text] of turns) addParts(db, turnId, text, rows, Infinity);
  insertRows(db, rows);
}

/** @returns whether there are no more */
function addParts(
  db: Database,
  turnId: number,
  text: SearchedText,
  rows: IndexRow[],
  limit: number,
): boolean {
  let part = partAfter(text, db.one<Part>(LAST_PART, turnId));
  for (let n = 0; part !== null && n < limit; n += 1) {
    const id = db.scalar<number>(
      "insert into search_parts (turn_id, side, begins, ends) values (?, ?, ?, ?) returning id",
      turnId,
      part.side,
      part.begins,
      part.ends,
    );
    rows.push([-(id ?? 0), ...columnsOf(text, part)]);
    part = partAfter(text, part);
  }
  return part === null;
}

/**
 * A turn says something else now: its parts leave the index, but for the first ones whose text is the same. The mark goes,
 * too.
 *
 * @param after - its text now; null: it is gone
 * @returns whether it had parts or a mark
 */
export function forgetParts(
  db: Database,
  turnId: number,
  before: SearchedText,
  after: SearchedText | null = null,
): boolean {
  const parts = partsOfTurn(db, turnId);
  const changed = after === null ? 0 : parts.findIndex((part) => !isSame(part, before, after));
  for (const part of changed < 0 ? [] : parts.slice(changed)) forgetPart(db, part, before);
  return markFinished(db, turnId) || parts.length > 0;
}

/** Whether a part would be made of the other text, too, after the parts before it. */
function isSame(part: Part, one: SearchedText, other: SearchedText): boolean {
  const { side, ends } = part;
  if (side === "output" && one.input !== other.input) return false;
  const [text, now] = [one[side] ?? "", other[side] ?? ""];
  // A part ends between two words.
  const isEnd = now.codePointAt(ends) === text.codePointAt(ends) || isBetweenWords(now, ends);
  return isEnd && columnsOf(one, part).join("") === columnsOf(other, part).join("");
}

/**
 * Takes the last of a turn's parts out of the index. The others are as if the turn were half indexed.
 *
 * @returns whether there are others
 */
export function forgetLastPart(db: Database, turnId: number, text: SearchedText): boolean {
  const part = db.one<Part>(LAST_PART, turnId);
  if (part) forgetPart(db, part, text);
  return db.one<Part>(LAST_PART, turnId) !== null;
}

function forgetPart(db: Database, part: Part, text: SearchedText): void {
  deleteRows(db, [[-part.id, ...columnsOf(text, part)]]);
  db.run("delete from search_parts where id = ?", part.id);
}

/**
 * The index has only the first parts of a turn, or none, and its session says that the turn is indexed: the next search
 * adds the others.
 */
export const markUnfinished = (db: Database, turnId: number): void =>
  db.run("insert or ignore into unfinished_turns values (?)", turnId);

/** @returns whether it had the mark */
export const markFinished = (db: Database, turnId: number): boolean =>
  db.scalar("delete from unfinished_turns where turn_id = ? returning 1", turnId) !== null;

/** Turns of live sessions that have the mark, newest first. */
export const unfinishedTurns = (db: Database): number[] =>
  db
    .all<{ id: number }>(
      `select u.turn_id as id from unfinished_turns u join sessions s on s.key = u.turn_id / 1048576
       where s.segment is null order by u.turn_id desc`,
    )
    .map(({ id }) => id);

const OF_SESSIONS = "on x.turn_id >= j.value * 1048576 and x.turn_id < (j.value + 1) * 1048576";

/** The sessions' turns of which the index has parts, or that have the mark. */
export const turnsInParts = (db: Database, keys: readonly number[]): number[] =>
  db
    .all<{ id: number }>(
      `select x.turn_id as id from json_each(?1) j cross join search_parts x ${OF_SESSIONS}
       union select x.turn_id from json_each(?1) j cross join unfinished_turns x ${OF_SESSIONS}`,
      JSON.stringify(keys),
    )
    .map(({ id }) => id);

/** The last of those turns in a session. */
export const lastTurnInParts = (db: Database, key: number): number | null =>
  db.scalar<number>(
    `select max(id) from (select * from (${lastTurnOf("search_parts")})
     union all select * from (${lastTurnOf("unfinished_turns")}))`,
    key,
  );

const lastTurnOf = (table: string): string =>
  `select x.turn_id as id from ${table} x cross join turns t on t.id = x.turn_id
   where x.turn_id >= ?1 * 1048576 and x.turn_id < (?1 + 1) * 1048576 order by x.turn_id desc limit 1`;

/** Whether the index has parts of the turn, or the turn has the mark. */
export const turnHasParts = (db: Database, turnId: number): boolean =>
  db.scalar(
    `select exists (select 1 from search_parts where turn_id = ?1)
     or exists (select 1 from unfinished_turns where turn_id = ?1)`,
    turnId,
  ) === 1;

export const hasParts = (db: Database): boolean =>
  db.scalar("select 1 from search_parts limit 1") !== null;

function partAfter(
  { input, output }: SearchedText,
  last: Omit<Part, "id"> | null,
): Omit<Part, "id"> | null {
  const isInput = last?.side !== "output";
  const begins = last?.ends ?? 0;
  if (isInput && begins < input.length)
    return { side: "input", begins, ends: endOf(input, begins) };
  const from = isInput ? 0 : begins;
  return output === null || from >= output.length
    ? null
    : { side: "output", begins: from, ends: endOf(output, from) };
}

/** Where a part ends that begins there: at a space, or else between two words, so that no word is cut. */
function endOf(text: string, begins: number): number {
  const bound = begins + PART_LENGTH;
  if (bound >= text.length) return text.length;
  for (let at = bound; at > bound - CUT_LENGTH; at -= 1) if (text.charCodeAt(at) <= 0x20) return at;
  for (let at = bound; at > bound - CUT_LENGTH; at -= 1) if (isBetweenWords(text, at)) return at;
  // A word of more than half a part. Half a surrogate pair would be stored as another character.
  return wholeCharactersEnd(text, bound);
}

/**
 * Characters of words, by the index's tokenizer unicode61, whose tables are of an older Unicode: marks stay in the word before
 * them, and half a surrogate pair is no character.
 */
const OF_WORDS = /[\p{L}\p{N}\p{M}\p{Co}\p{Cs}]/u;

/** Whether the text is at its end there, or has a character that is of no word. */
function isBetweenWords(text: string, at: number): boolean {
  const point = text.codePointAt(at);
  return point === undefined || !OF_WORDS.test(String.fromCodePoint(point));
}

const columnsOf = (
  text: SearchedText,
  { side, begins, ends }: Omit<Part, "id">,
): [input: string | null, output: string | null] => {
  const part = (text[side] ?? "").slice(begins, ends);
  return side === "input" ? [part, null] : [null, part];
};
