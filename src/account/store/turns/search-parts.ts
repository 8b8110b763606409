import type { SearchedText } from "../../../shared/searched-text.ts";
import { wholeCharactersEnd } from "../../../shared/whole-characters.ts";
import type { Database } from "../../../sqlite/database.ts";

/** A part of a text, in UTF-16 units: to index it takes 5 ms, where all of its words are different. */
export const PART_LENGTH = 64 * 1024;
/** A part ends at a space, where there is one in so many UTF-16 units before its bound. */
const CUT_LENGTH = PART_LENGTH / 2;

type Part = { id: number; side: "input" | "output"; begins: number; ends: number };

/** Whether a turn is indexed in parts. */
export const isInParts = ({ input, output }: SearchedText): boolean =>
  input.length + (output?.length ?? 0) > PART_LENGTH;

/**
 * Indexes the next part of a turn. FTS5 indexes a row as a whole, so that each part is a row of its own.
 *
 * @returns whether this was the last
 */
export function indexPart(db: Database, turnId: number, text: SearchedText): boolean {
  const last = db.one<Part>(
    "select id, side, begins, ends from search_parts where turn_id = ? order by id desc limit 1",
    turnId,
  );
  const part = partAfter(text, last);
  if (part === null) return true;
  const id = db.scalar<number>(
    "insert into search_parts (turn_id, side, begins, ends) values (?, ?, ?, ?) returning id",
    turnId,
    part.side,
    part.begins,
    part.ends,
  );
  db.run(
    "insert into turn_search (rowid, input, output) values (?, ?, ?)",
    -(id ?? 0),
    ...columnsOf(text, part),
  );
  return partAfter(text, part) === null;
}

/** Takes a turn's parts out of the index. @returns whether it had some */
export function forgetParts(db: Database, turnId: number, text: SearchedText): boolean {
  const parts = db.all<Part>(
    "select id, side, begins, ends from search_parts where turn_id = ?",
    turnId,
  );
  if (parts.length === 0) return false;
  for (const part of parts) forgetPart(db, part, text);
  return true;
}

/** Takes the last of a turn's parts out of the index. The others are as if the turn were half indexed. */
export function forgetLastPart(db: Database, turnId: number, text: SearchedText): void {
  const part = db.one<Part>(
    "select id, side, begins, ends from search_parts where turn_id = ? order by id desc limit 1",
    turnId,
  );
  if (part) forgetPart(db, part, text);
}

function forgetPart(db: Database, part: Part, text: SearchedText): void {
  db.run(
    "insert into turn_search (turn_search, rowid, input, output) values ('delete', ?, ?, ?)",
    -part.id,
    ...columnsOf(text, part),
  );
  db.run("delete from search_parts where id = ?", part.id);
}

/** The sessions' turns of which the index has parts. */
export const turnsInParts = (db: Database, keys: readonly number[]): number[] =>
  db
    .all<{ id: number }>(
      `select distinct p.turn_id as id from json_each(?) j cross join search_parts p
       on p.turn_id >= j.value * 1048576 and p.turn_id < (j.value + 1) * 1048576`,
      JSON.stringify(keys),
    )
    .map(({ id }) => id);

/** The last turn of a session of which the index has parts. */
export const lastTurnInParts = (db: Database, key: number): number | null =>
  db.scalar<number>(
    `select p.turn_id from search_parts p cross join turns t on t.id = p.turn_id
     where p.turn_id >= ?1 * 1048576 and p.turn_id < (?1 + 1) * 1048576 order by p.turn_id desc limit 1`,
    key,
  );

export const turnHasParts = (db: Database, turnId: number): boolean =>
  db.scalar("select 1 from search_parts where turn_id = ? limit 1", turnId) !== null;

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

/** Where a part ends that begins there: at a space, so that no word is cut. */
function endOf(text: string, begins: number): number {
  const bound = begins + PART_LENGTH;
  if (bound >= text.length) return text.length;
  for (let at = bound; at > bound - CUT_LENGTH; at -= 1) if (text.charCodeAt(at) <= 0x20) return at;
  // A word of more than half a part. Half a surrogate pair would be stored as another character.
  return wholeCharactersEnd(text, bound);
}

const columnsOf = (
  text: SearchedText,
  { side, begins, ends }: Omit<Part, "id">,
): [input: string | null, output: string | null] => {
  const part = (text[side] ?? "").slice(begins, ends);
  return side === "input" ? [part, null] : [null, part];
};
