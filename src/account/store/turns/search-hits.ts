import { keyOf } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { searchedText } from "../../../shared/searched-text.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { SearchPieces } from "./search-pieces.ts";
import { snippetOf } from "./snippet.ts";
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

type HitRow = {
  session_id: string;
  created_at: number | null;
  input: string | null;
  output: string | null;
  parts: string | null;
};

/** Hits that are made in one piece. */
const HITS_TOGETHER = 8;
/** Text of such hits, in UTF-16 units. One hit may have more: the parts of a turn are read in pieces of their own. */
const TEXT_TOGETHER = 64 * 1024;
/** Of a text in a part, in UTF-16 units of JSON: a snippet looks at the first 136 Ki units of a text. */
const KEPT_LENGTH = 192 * 1024;

/** Of a text in a row, in bytes: the same 136 Ki units and more, as UTF-8 takes 3 bytes for each at most. */
const KEPT_BYTES = 416 * 1024;

/**
 * A column of a turn `t`, in SQL. Of a long text it is the beginning: items are read as a whole, and so is a text that begins
 * with data, of which a search finds nothing. Bytes, because `substr` of a text ends at U+0000.
 */
const beginningOf = (column: string): string => {
  const beginning = `substr(cast(${column} as blob), 1, ${KEPT_BYTES})`;
  return `case when octet_length(${column}) > ${KEPT_BYTES} and unicode(${column}) <> 1
    and instr(${beginning}, cast(';base64,' as blob)) = 0
    then cast(${beginning} as text) else ${column} end`;
};
const INPUT = beginningOf("t.input");
const OUTPUT = beginningOf("t.output");

/** The hits of these turns, in this order, made in pieces. A turn that was erased is none. */
export async function hitsOf(
  db: Database,
  ids: readonly number[],
  phrases: readonly string[][],
  pieces: SearchPieces,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  let [read, length] = [0, 0];
  for (const id of ids) {
    if (read >= HITS_TOGETHER || length >= TEXT_TOGETHER) {
      await pieces.next();
      [read, length] = [0, 0];
    }
    const row = db.one<HitRow>(
      `select s.session_id, t.created_at, ${INPUT} as input, ${OUTPUT} as output, t.parts
       from sessions s left join turns t on t.id = ? where s.key = ?`,
      id,
      keyOf(id),
    );
    read += 1;
    if (!row) continue;
    const text = await textOf(db, id, row, pieces);
    length += text === null ? 0 : text.input.length + (text.output?.length ?? 0);
    hits.push(toHit(id, row, text, phrases));
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

function toHit(
  turn_id: number,
  { session_id, created_at }: HitRow,
  text: SearchedText | null,
  phrases: readonly string[][],
): SearchHit {
  const hit = { session_id, turn_id, created_at };
  if (text === null)
    return { ...hit, status: "archived", role: null, snippet: null, highlights: [] };
  return { ...hit, status: "live", ...matchOf(text, phrases) };
}

/** The hit of a turn that was read from its archive, or of the beginning of its texts. */
export const archivedHit = (
  hit: SearchHit,
  turn: Pick<Turn, "input" | "output"> & Pick<SearchHit, "created_at">,
  phrases: readonly string[][],
): SearchHit => ({
  ...hit,
  created_at: turn.created_at,
  ...matchOf(searchedText(turn), phrases),
});

/** Which side says it, and the words around. */
function matchOf(
  { input, output }: SearchedText,
  phrases: readonly string[][],
): Pick<SearchHit, "role" | "snippet" | "highlights"> {
  const [user, assistant] = [input, output].map((text) => snippetOf(text ?? "", phrases));
  return assistant && user && assistant.highlights.length > user.highlights.length
    ? { role: "assistant", ...assistant }
    : { role: "user", ...(user ?? { snippet: "", highlights: [] }) };
}
