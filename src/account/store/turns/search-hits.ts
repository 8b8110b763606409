import { keyOf } from "../../../shared/ids.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { searchedText } from "../../../shared/searched-text.ts";
import type { SearchedText } from "../../../shared/searched-text.ts";
import type { SearchPieces } from "./search-pieces.ts";
import { snippetOf } from "./snippet.ts";
import { textOfRow } from "./searched-turns.ts";
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
/** Text of such hits, in UTF-16 units and bytes of parts. One hit may have more. */
const TEXT_TOGETHER = 64 * 1024;

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
      `select s.session_id, t.created_at, t.input, t.output, t.parts
       from sessions s left join turns t on t.id = ? where s.key = ?`,
      id,
      keyOf(id),
    );
    read += 1;
    if (!row) continue;
    length += (row.input?.length ?? 0) + (row.output?.length ?? 0) + bytesIn(row.parts);
    hits.push(toHit(db, id, row, phrases));
  }
  return hits;
}

function toHit(
  db: Database,
  turn_id: number,
  { session_id, created_at, input, output, parts }: HitRow,
  phrases: readonly string[][],
): SearchHit {
  const hit = { session_id, turn_id, created_at };
  if (created_at === null || input === null)
    return { ...hit, status: "archived", role: null, snippet: null, highlights: [] };
  const text = textOfRow(db, { id: turn_id, input, output, parts });
  return { ...hit, status: "live", ...matchOf(text, phrases) };
}

/** The hit of a turn that was read from its archive. */
export const archivedHit = (
  hit: SearchHit,
  turn: Turn,
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
