import type { Turn } from "../../../shared/turn.ts";
import type { Database } from "../../../sqlite/database.ts";
import { snippetOf } from "./snippet.ts";
import { storedTexts } from "./stored-texts.ts";

/** Hits whose texts are read, and snippets cut, before others get their turn. A text has 2 MB at most. */
const HITS_TOGETHER = 2;

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
  turn_id: number;
  created_at: number | null;
  asked: string | null;
  answered: string | null;
};

/** The hits of these turns, in this order. A turn that was erased meanwhile is none. */
export async function hitsOf(
  db: Database,
  ids: readonly number[],
  phrases: readonly string[][],
): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for (let from = 0; from < ids.length; from += HITS_TOGETHER) {
    if (from > 0) await scheduler.wait(0);
    const rows = db.all<HitRow>(
      `select s.session_id, m.value as turn_id, t.created_at, t.input as asked, t.output as answered
       from json_each(?) m cross join sessions s on s.key = m.value / 1048576
       left join turns t on t.id = m.value order by m.key`,
      JSON.stringify(ids.slice(from, from + HITS_TOGETHER)),
    );
    hits.push(...rows.map((row) => toHit(row, phrases)));
  }
  return hits;
}

function toHit({ asked, answered, ...row }: HitRow, phrases: readonly string[][]): SearchHit {
  if (row.created_at === null)
    return { ...row, status: "archived", role: null, snippet: null, highlights: [] };
  return { ...row, status: "live", ...matchOf(asked, answered, phrases) };
}

/** The hit of a turn that was read from its archive. */
export const archivedHit = (
  hit: SearchHit,
  turn: Turn,
  phrases: readonly string[][],
): SearchHit => ({
  ...hit,
  created_at: turn.created_at,
  ...matchOf(...storedTexts(turn), phrases),
});

/** Which side says it, and the words around. */
function matchOf(
  asked: string | null,
  answered: string | null,
  phrases: readonly string[][],
): Pick<SearchHit, "role" | "snippet" | "highlights"> {
  const [user, assistant] = [asked, answered].map((text) => snippetOf(text ?? "", phrases));
  return assistant && user && assistant.highlights.length > user.highlights.length
    ? { role: "assistant", ...assistant }
    : { role: "user", ...(user ?? { snippet: "", highlights: [] }) };
}
