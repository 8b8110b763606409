import { keyOf } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { searchedText } from "../../../shared/searched-text.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { SearchPieces } from "./search-pieces.ts";
import { snippetOf, snippetOfBeginning } from "./snippet.ts";
import type { Snippet } from "./snippet.ts";
import { storedTextInPieces, textOfRow } from "./searched-turns.ts";
import { bytesIn } from "./turn-parts.ts";

export interface SearchHit {
  session_id: string;
  turn_id: number;
  /** `archived`: its text is in R2, and so are role, time and snippet until they are read there. */
  status: "live" | "archived";
  /** Ms since the epoch. */
  created_at: number | null;
  role: "user" | "assistant" | null;
  /** Plain text around the match. */
  snippet: string | null;
  /** Where in the snippet the matches are: [start, end) in UTF-16 units. */
  highlights: [number, number][];
}

type Match = Pick<SearchHit, "role" | "snippet" | "highlights">;

type HitRow = {
  session_id: string;
  created_at: number | null;
  input: string | null;
  output: string | null;
  parts: string | null;
  is_input_cut: 0 | 1 | null;
  is_output_cut: 0 | 1 | null;
};

/** Hits that are made in one piece. */
const HITS_TOGETHER = 8;
/** Text of such hits, in UTF-16 units. One hit may have more: the parts of a turn are read in pieces of their own. */
const TEXT_TOGETHER = 64 * 1024;
/** Of a text in a part, in UTF-16 units of JSON: a snippet looks at the first 136 Ki units of a text. */
const KEPT_LENGTH = 192 * 1024;

/**
 * Of a text in a row, in bytes: the 8 Ki UTF-16 units that a snippet is cut from first, and more, as UTF-8 takes 3 bytes for
 * each at most.
 */
const FIRST_BYTES = 32 * 1024;
/** The same of the 136 Ki units that a snippet looks at where the first ones have no match. */
const KEPT_BYTES = 416 * 1024;

/** Bytes, because `substr` of a text ends at U+0000. */
const blobOf = (column: string, bytes: number): string =>
  `substr(cast(${column} as blob), 1, ${bytes})`;
/**
 * Whether a column of a turn `t` is read in part, in SQL. Items are read as a whole, and so is a text that begins with data,
 * of which a search finds nothing.
 */
const isCut = (column: string, bytes: number): string =>
  `t.parts is null and octet_length(${column}) > ${bytes} and unicode(${column}) <> 1
   and instr(${blobOf(column, bytes)}, cast(';base64,' as blob)) = 0`;
const beginningOf = (column: string, bytes: number): string =>
  `case when ${isCut(column, bytes)} then cast(${blobOf(column, bytes)} as text) else ${column} end`;

/** The row of a hit. Of each long text it has so many bytes, and whether there are more where that matters. */
const rowQuery = (bytes: number, isFirst: boolean): string =>
  `select s.session_id, t.created_at, t.parts,
     ${beginningOf("t.input", bytes)} as input, ${isFirst ? isCut("t.input", bytes) : 0} as is_input_cut,
     ${beginningOf("t.output", bytes)} as output, ${isFirst ? isCut("t.output", bytes) : 0} as is_output_cut
   from sessions s left join turns t on t.id = ? where s.key = ?`;
const FIRST_ROW = rowQuery(FIRST_BYTES, true);
const ROW = rowQuery(KEPT_BYTES, false);

/** The hits of these turns, in this order, made in pieces. A turn that was erased is none. */
export async function hitsOf(
  db: Database,
  ids: readonly number[],
  phrases: readonly string[][],
  pieces: SearchPieces,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  let [read, length] = [0, 0];
  const hitOf = async (id: number, query: string): Promise<SearchHit | "unclear" | null> => {
    const row = db.one<HitRow>(query, id, keyOf(id));
    read += 1;
    if (!row) return null;
    const text = await textOf(db, id, row, pieces);
    length += text === null ? 0 : text.input.length + (text.output?.length ?? 0);
    return toHit(id, row, text, phrases);
  };
  for (const id of ids) {
    if (read >= HITS_TOGETHER || length >= TEXT_TOGETHER) {
      await pieces.next();
      [read, length] = [0, 0];
    }
    let hit = await hitOf(id, FIRST_ROW);
    if (hit === "unclear") {
      await pieces.next();
      [read, length] = [0, 0];
      // The turn may have been erased meanwhile.
      hit = await hitOf(id, ROW);
    }
    if (hit !== null && hit !== "unclear") hits.push(hit);
  }
  return hits;
}

/** Null: it is archived. */
async function textOf(
  db: Database,
  id: number,
  { input, output, parts }: HitRow,
  pieces: SearchPieces,
): Promise<SearchedText | null> {
  if (input === null) return null;
  return bytesIn(parts) > TEXT_TOGETHER
    ? storedTextInPieces(db, id, pieces, KEPT_LENGTH)
    : textOfRow(db, { id, input, output, parts });
}

/** `unclear`: the beginnings of the texts do not tell what the texts would. */
function toHit(
  turn_id: number,
  { session_id, created_at, is_input_cut, is_output_cut }: HitRow,
  text: SearchedText | null,
  phrases: readonly string[][],
): SearchHit | "unclear" {
  const hit = { session_id, turn_id, created_at };
  if (text === null)
    return { ...hit, status: "archived", role: null, snippet: null, highlights: [] };
  const sideOf = (side: string, cut: 0 | 1 | null) =>
    cut === 1 ? snippetOfBeginning(side, phrases) : snippetOf(side, phrases);
  const user = sideOf(text.input, is_input_cut);
  const assistant = user && sideOf(text.output ?? "", is_output_cut);
  return user && assistant ? { ...hit, status: "live", ...matchOf(user, assistant) } : "unclear";
}

/** The hit of a turn that was read from its archive, or of the beginning of its texts. */
export const archivedHit = (
  hit: SearchHit,
  turn: Pick<Turn, "input" | "output"> & Pick<SearchHit, "created_at">,
  phrases: readonly string[][],
): SearchHit => ({
  ...hit,
  created_at: turn.created_at,
  ...matchIn(searchedText(turn), phrases),
});

const matchIn = ({ input, output }: SearchedText, phrases: readonly string[][]): Match =>
  matchOf(snippetOf(input, phrases), snippetOf(output ?? "", phrases));

/** Which side says it, and the words around. */
const matchOf = (user: Snippet, assistant: Snippet): Match =>
  assistant.highlights.length > user.highlights.length
    ? { role: "assistant", ...assistant }
    : { role: "user", ...user };
