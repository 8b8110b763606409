import type { Database } from "./database.ts";
import type { Principal } from "./principal.ts";

/** Past so many matches, ranking would read them all: then they come newest first instead. */
const RANKED_MATCHES = 1_000;
/** Sessions that are indexed in one transaction, before others get their turn. */
const CATCH_UP_SESSIONS = 500;
/** Mark matches in snippets; they come back as offsets. From the private use area, so that text hardly has them. */
const OPEN = "\uE000";
const CLOSE = "\uE001";
const SNIPPET_TOKENS = 24;
const snippet = (column: number): string =>
  `snippet(turn_search, ${column}, '${OPEN}', '${CLOSE}', '…', ${SNIPPET_TOKENS})`;

/** Turns that no longer change: completed, or no longer the last one, which may be retried. */
const FINAL = "(t.status = 1 or exists (select 1 from turns n where n.id = t.id + 1))";

export interface SearchHit {
  session_id: string;
  turn_id: number;
  /** Ms since the epoch. */
  created_at: number;
  role: "user" | "assistant";
  /** Plain text around the match. */
  snippet: string;
  /** Where in the snippet the matches are: [start, end) in UTF-16 units. */
  highlights: [number, number][];
}

export interface SearchResult {
  hits: SearchHit[];
  /** `rank`: best first. `newest`: too many match for ranking. */
  order: "rank" | "newest";
  has_more: boolean;
}

/**
 * Full-text search over live turns. Turns are indexed in bulk when somebody searches, so that accounts that never
 * search pay nothing.
 */
export class SearchIndex {
  readonly #db: Database;
  /** Sessions that may have turns to index; null when that is not known yet. */
  #stale: Set<number> | null = null;

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => {
      this.#stale = null;
    });
  }

  turnWritten(key: number): void {
    this.#stale?.add(key);
  }

  /** @param query - words, all of which must be there; see {@link matchExpression} */
  async search(
    query: string,
    page: { limit: number; offset: number },
    caller: Principal | null = null,
  ): Promise<SearchResult> {
    await this.#catchUp();
    const own = ownSessions(caller);
    // Counted among the caller's own only: how many others match is not for a user to see.
    const joined = own.sql === "" ? "" : "join sessions s on s.key = f.rowid / 1048576";
    const matches = this.#db.scalar<number>(
      `select count(*) from (select 1 from turn_search f ${joined} where turn_search match ? ${own.sql} limit ?)`,
      query,
      ...own.params,
      RANKED_MATCHES + 1,
    );
    const order = (matches ?? 0) > RANKED_MATCHES ? "newest" : "rank";
    const rows = this.#db.all<HitRow>(
      `select s.session_id, t.id as turn_id, t.created_at, ${snippet(0)} as asked, ${snippet(1)} as answered
       from turn_search f join turns t on t.id = f.rowid join sessions s on s.key = t.id / 1048576
       where turn_search match ? ${own.sql} order by ${order === "rank" ? "f.rank, f.rowid desc" : "f.rowid desc"} limit ? offset ?`,
      query,
      ...own.params,
      page.limit + 1,
      page.offset,
    );
    return {
      hits: rows.slice(0, page.limit).map(toHit),
      order,
      has_more: rows.length > page.limit,
    };
  }

  async #catchUp(): Promise<void> {
    this.#stale ??= new Set(
      this.#db
        .all<{ key: number }>(
          `select s.key from sessions s where s.segment is null and exists (select 1 from turns t
           where t.id > s.key * 1048576 + s.indexed and t.id < (s.key + 1) * 1048576)`,
        )
        .map(({ key }) => key),
    );
    while (this.#stale && this.#stale.size > 0) {
      const keys = [...this.#stale].slice(0, CATCH_UP_SESSIONS);
      this.#db.transaction(() => indexSessions(this.#db, keys));
      for (const key of keys) this.#stale.delete(key);
      if (this.#stale.size > 0) await scheduler.wait(0);
    }
  }
}

/** The condition that leaves one user their own sessions `s`. */
function ownSessions(caller: Principal | null): { sql: string; params: string[] } {
  if (caller?.user_id === undefined) return { sql: "", params: [] };
  const { user_id, role } = caller;
  const ofRole = role === undefined ? "" : "and coalesce(role, ?) = ?";
  return {
    sql: `and s.key in (select key from session_details where user_id = ? ${ofRole})`,
    params: [user_id, ...(role === undefined ? [] : [role, role])],
  };
}

function indexSessions(db: Database, keys: readonly number[]): void {
  const list = JSON.stringify(keys);
  db.run(
    `insert into turn_search (rowid, input, output)
     select t.id, t.input, t.output from json_each(?) j cross join sessions s on s.key = j.value
     cross join turns t on t.id > s.key * 1048576 + s.indexed and t.id < (s.key + 1) * 1048576
     where s.segment is null and ${FINAL}`,
    list,
  );
  db.run(
    `update sessions set indexed = coalesce((select t.id - sessions.key * 1048576 from turns t
       where t.id > sessions.key * 1048576 + sessions.indexed and t.id < (sessions.key + 1) * 1048576 and ${FINAL}
       order by t.id desc limit 1), indexed)
     where segment is null and key in (select value from json_each(?))`,
    list,
  );
}

/** Takes sessions out of the index. Before their turns are deleted: the index has no copy of the words to forget. */
export function forgetTurns(
  db: Database,
  sessions: readonly { key: number; indexed: number }[],
): void {
  if (sessions.length === 0) return;
  db.run(
    `insert into turn_search (turn_search, rowid, input, output)
     select 'delete', t.id, t.input, t.output from json_each(?) j
     cross join turns t on t.id > (j.value ->> 0) * 1048576 and t.id <= (j.value ->> 0) * 1048576 + (j.value ->> 1)`,
    JSON.stringify(sessions.map(({ key, indexed }) => [key, indexed])),
  );
}

/**
 * The FTS5 expression for what a person typed: every word quoted, so that nothing in it is syntax.
 *
 * @returns null when there is no word in it
 */
export function matchExpression(text: string): string | null {
  const words = text.split(/[\s\p{Cc}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.length === 0
    ? null
    : words.map((word) => `"${word.replaceAll('"', '""')}"`).join(" ");
}

type HitRow = {
  session_id: string;
  turn_id: number;
  created_at: number;
  asked: string | null;
  answered: string | null;
};

function toHit({ asked, answered, ...hit }: HitRow): SearchHit {
  const [user, assistant] = [highlighted(asked ?? ""), highlighted(answered ?? "")];
  return assistant.highlights.length > user.highlights.length
    ? { ...hit, role: "assistant", ...assistant }
    : { ...hit, role: "user", ...user };
}

function highlighted(marked: string): Pick<SearchHit, "snippet" | "highlights"> {
  const highlights: [number, number][] = [];
  let text = "";
  for (const [index, piece] of marked.split(OPEN).entries()) {
    const [match = "", ...rest] = piece.split(CLOSE);
    if (index > 0 && rest.length > 0) highlights.push([text.length, text.length + match.length]);
    text += match + rest.join("");
  }
  return { snippet: text, highlights };
}
