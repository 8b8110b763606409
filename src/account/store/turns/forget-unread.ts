import { seqOf, turnId } from "../../../shared/ids.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { Database } from "../../../sqlite/database.ts";
import { forgetTexts } from "./forget-slices.ts";
import { wordsOfRows } from "./index-words.ts";
import type { RowWords } from "./index-words.ts";
import { partsOfTurn } from "./search-parts.ts";
import type { Part } from "./search-parts.ts";
import { volumesOf } from "./search-volumes.ts";

/** Rows whose words are read from the index together, but for a single turn of more. The length of a part bounds each. */
const ROWS_TOGETHER = 256;

/** Turns, and the parts of each that is in parts. */
type PartsOf = ReadonlyMap<number, readonly Part[]>;

/**
 * Takes archived sessions out of the index whose archives cannot be read: by the words that the index has. FTS5 makes the same
 * words of them again. The words of several sessions are read together. Leaves a session that came back meanwhile.
 */
export async function forgetUnreadTurns(db: Database, keys: readonly number[]): Promise<void> {
  const left = new Set(keys);
  while (left.size > 0) {
    const found = lastRows(db, left);
    const textOf = await textsOf(db, new Map([...found.values()].flatMap((each) => [...each])));
    for (const [key, partsOf] of found) {
      const turns = [...partsOf.keys()].toReversed().map((id) => ({ id }));
      const before = turns[0] ? seqOf(turns[0].id) - 1 : 0;
      const isDone = await forgetTexts(db, key, turns, textOf, before);
      if (!isDone || turns.length === 0) left.delete(key);
    }
  }
}

async function textsOf(
  db: Database,
  partsOf: PartsOf,
): Promise<(turn: { id: number }) => SearchedText> {
  const rows = [...partsOf].flatMap(([id, parts]) => [id, ...parts.map((part) => -part.id)]);
  const words = await wordsOfRows(db, rows);
  return ({ id }) => {
    const own = words.get(id);
    return own ? textOfRow(own) : textOfParts(partsOf.get(id) ?? [], words);
  };
}

/** {@link lastIndexed}, of {@link ROWS_TOGETHER}: all of a session, before those of the next one. */
function lastRows(db: Database, keys: Iterable<number>): Map<number, PartsOf> {
  const found = new Map<number, PartsOf>();
  let rows = 0;
  for (const key of keys) {
    const partsOf = new Map<number, readonly Part[]>();
    for (const id of lastIndexed(db, key)) {
      const parts = partsOfTurn(db, id);
      const more = rows + Math.max(1, parts.length);
      if (more > ROWS_TOGETHER && rows > 0)
        return partsOf.size > 0 ? found.set(key, partsOf) : found;
      rows = more;
      partsOf.set(id, parts);
    }
    found.set(key, partsOf);
  }
  return found;
}

/** The last turns of the session that the index has, the last one first. */
function lastIndexed(db: Database, key: number): number[] {
  const range = [turnId(key, 0), turnId(key + 1, 0), ROWS_TOGETHER];
  const inTable = (table: string, id: string) =>
    db.all<{ id: number }>(
      `select distinct ${id} as id from ${table} where ${id} > ? and ${id} < ? order by ${id} desc limit +?`,
      ...range,
    );
  const found = [
    ...volumesOf(db).flatMap((volume) => inTable(`${volume}_docsize`, "id")),
    ...inTable("search_parts", "turn_id"),
  ].map(({ id }) => id);
  return [...new Set(found)].toSorted((one, other) => other - one).slice(0, ROWS_TOGETHER);
}

const textOfRow = ({ input, output }: RowWords): SearchedText => ({
  input: input.join(" "),
  output: output.join(" "),
});

/** Each part's words stand where the part was. They take no more room than the part, which had something between any two. */
function textOfParts(parts: readonly Part[], words: ReadonlyMap<number, RowWords>): SearchedText {
  const text = { input: "", output: "" };
  for (const { id, side, begins, ends } of parts) {
    const own = words.get(-id)?.[side].join(" ") ?? "";
    text[side] = `${text[side].padEnd(begins)}${own}`.padEnd(ends);
  }
  return text;
}
