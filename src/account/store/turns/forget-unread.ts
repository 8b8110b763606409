import { seqOf, turnId } from "../../../shared/ids.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { Database } from "../../../sqlite/database.ts";
import { forgetTexts } from "./forget-slices.ts";
import { wordsOfRows } from "./index-words.ts";
import type { RowWords } from "./index-words.ts";
import { partsOfTurn } from "./search-parts.ts";
import type { Part } from "./search-parts.ts";
import { volumesOf } from "./search-volumes.ts";

/** Turns whose words are read from the index together. */
const TURNS_TOGETHER = 256;

/**
 * Takes an archived session out of the index whose archive cannot be read: by the words that the index has. FTS5 makes the
 * same words of them again. Ends where the session came back meanwhile.
 */
export async function forgetUnreadTurns(db: Database, key: number): Promise<void> {
  for (;;) {
    const ids = lastIndexed(db, key);
    const textOf = await textsOf(db, ids);
    const turns = ids.toReversed().map((id) => ({ id }));
    const before = turns[0] ? seqOf(turns[0].id) - 1 : 0;
    const isDone = await forgetTexts(db, key, turns, textOf, before);
    if (!isDone || ids.length === 0) return;
  }
}

async function textsOf(
  db: Database,
  ids: readonly number[],
): Promise<(turn: { id: number }) => SearchedText> {
  const partsOf = new Map(ids.map((id) => [id, partsOfTurn(db, id)]));
  const rows = [...partsOf].flatMap(([id, parts]) => [id, ...parts.map((part) => -part.id)]);
  const words = await wordsOfRows(db, rows);
  return ({ id }) => {
    const own = words.get(id);
    return own ? textOfRow(own) : textOfParts(partsOf.get(id) ?? [], words);
  };
}

/** The last turns of the session that the index has, the last one first. */
function lastIndexed(db: Database, key: number): number[] {
  const range = [turnId(key, 0), turnId(key + 1, 0), TURNS_TOGETHER];
  const inTable = (table: string, id: string) =>
    db.all<{ id: number }>(
      `select distinct ${id} as id from ${table} where ${id} > ? and ${id} < ? order by ${id} desc limit +?`,
      ...range,
    );
  const found = [
    ...volumesOf(db).flatMap((volume) => inTable(`${volume}_docsize`, "id")),
    ...inTable("search_parts", "turn_id"),
  ].map(({ id }) => id);
  return [...new Set(found)].toSorted((one, other) => other - one).slice(0, TURNS_TOGETHER);
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
