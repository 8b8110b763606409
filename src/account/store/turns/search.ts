import { seqOf } from "../../../shared/ids.ts";
import { encodeContent } from "../../../shared/items.ts";
import { phrasesIn, quotedWords } from "./match-expression.ts";
import { snippetOf } from "./snippet.ts";
import type { Database } from "../../../sqlite/database.ts";
import { JOURNAL } from "../sessions/session-flags.ts";
import type { Principal } from "../../../shared/principal.ts";
import type { Turn } from "../../../shared/turn.ts";
import { writeSession } from "../sessions/write-session.ts";

/** Past so many matches, ranking would read them all: then they come newest first instead. */
const RANKED_MATCHES = 1_000;
/** Hits whose snippets are made before others get their turn. */
const HITS_TOGETHER = 5;
/** Sessions that are indexed in one transaction, before others get their turn. */
const CATCH_UP_SESSIONS = 500;
/** Ranking counts every place of a match: past so many words in the matches, they come newest first. */
const RANKED_WORDS = 200_000;
/** It counts the turns of each word, too. */
const RANKED_TURNS = 5_000;
/** Turns that no longer change: completed, or no longer the last one, which may be retried. */
const FINAL = "(t.status = 1 or exists (select 1 from turns n where n.id = t.id + 1))";

export interface SearchHit {
  session_id: string;
  turn_id: number;
  /** `archived`: its words are known, its text is in R2, and so are role, time and snippet. */
  status: "live" | "archived";
  /** Ms since the epoch. */
  created_at: number | null;
  role: "user" | "assistant" | null;
  /** Plain text around the match. */
  snippet: string | null;
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
 * Full-text search over turns, live and archived. A search indexes turns in bulk, so that accounts that never search
 * pay nothing. The words of archived turns stay in the index.
 */
export class SearchIndex {
  readonly #db: Database;
  /** Sessions that may have turns to index; null when that is not known yet. */
  #stale: Set<number> | null = null;
  /** Whether anything was ever indexed; null when that is not known yet, as it takes a look at every session. */
  #used: boolean | null = null;

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
    { status, caller = null }: SearchFilter = {},
  ): Promise<SearchResult> {
    await this.#catchUp();
    const own = conditions(status, caller);
    // Counted among the caller's own only: how many others match is not for a user to see.
    const joined = own.sql === "" ? "" : "join sessions s on s.key = f.rowid / 1048576";
    const matches = this.#db
      .all<{ id: number }>(
        `select f.rowid as id from turn_search f ${joined} where turn_search match ? ${own.sql}
         order by f.rowid desc limit ?`,
        query,
        ...own.params,
        RANKED_MATCHES + 1,
      )
      .map(({ id }) => id);
    const phrases = phrasesIn(query);
    const order = this.#isRankable(query, matches) ? "rank" : "newest";
    // Limited first: of what is not shown, no text is read.
    const rows = this.#db.all<HitRow>(
      `select s.session_id, m.id as turn_id, t.created_at, t.input as asked, t.output as answered
       from (select f.rowid as id, ${order === "rank" ? "f.rank" : "0"} as place from turn_search f ${joined}
         where turn_search match ? ${own.sql} order by ${order === "rank" ? "f.rank, f.rowid desc" : "f.rowid desc"} limit ? offset ?) m
       join sessions s on s.key = m.id / 1048576 left join turns t on t.id = m.id
       order by m.place, m.id desc`,
      query,
      ...own.params,
      page.limit + 1,
      page.offset,
    );
    const hits: SearchHit[] = [];
    for (const row of rows.slice(0, page.limit)) {
      hits.push(toHit(row, phrases));
      if (hits.length % HITS_TOGETHER === 0) await scheduler.wait(0);
    }
    return {
      hits,
      order,
      has_more: rows.length > page.limit,
    };
  }

  /** Whether ranking these is little work, whatever is stored and asked. */
  #isRankable(query: string, matches: readonly number[]): boolean {
    if (matches.length > RANKED_MATCHES) return false;
    const sizes = this.#db.all<{ size: string }>(
      "select hex(sz) as size from turn_search_docsize where id in (select value from json_each(?))",
      JSON.stringify(matches),
    );
    const words = sizes.reduce((sum, { size }) => sum + wordsOf(size), 0);
    if (words > RANKED_WORDS) return false;
    return quotedWords(query).every((word) => this.#countTurns(word) <= RANKED_TURNS);
  }

  #countTurns(expression: string): number {
    const counted = this.#db.scalar<number>(
      "select count(*) from (select 1 from turn_search where turn_search match ? limit ?)",
      expression,
      RANKED_TURNS + 1,
    );
    return counted ?? 0;
  }

  /**
   * Indexes sessions before they are archived, so that their words stay. Does nothing in an account that never
   * searched.
   */
  indexBeforeArchive(keys: readonly number[]): void {
    if (keys.length === 0 || !this.#isUsed()) return;
    this.#db.transaction(() => indexSessions(this.#db, keys));
  }

  #isUsed(): boolean {
    this.#used ??= this.#db.scalar("select 1 from sessions where indexed > 0 limit 1") !== null;
    return this.#used;
  }

  async #catchUp(): Promise<void> {
    this.#stale ??= new Set(
      this.#db
        .all<{ key: number }>(
          `select s.key from sessions s where s.segment is null and s.flags & ${JOURNAL} = 0 and exists (select 1 from turns t
           where t.id > s.key * 1048576 + s.indexed and t.id < (s.key + 1) * 1048576)`,
        )
        .map(({ key }) => key),
    );
    while (this.#stale && this.#stale.size > 0) {
      const keys = [...this.#stale].slice(0, CATCH_UP_SESSIONS);
      this.#used = true;
      this.#db.transaction(() => indexSessions(this.#db, keys));
      for (const key of keys) this.#stale.delete(key);
      if (this.#stale.size > 0) await scheduler.wait(0);
    }
  }
}

export interface SearchFilter {
  status?: "live" | "archived" | undefined;
  /** Those that are there for this caller. */
  caller?: Principal | null;
}

/** The condition that leaves one user their own sessions `s`, and of those the live or the archived ones. */
function conditions(
  status: SearchFilter["status"],
  caller: Principal | null,
): { sql: string; params: string[] } {
  const ofStatus =
    status === undefined ? "" : `and s.segment is ${status === "live" ? "" : "not "}null`;
  if (caller?.user_id === undefined) return { sql: ofStatus, params: [] };
  const { user_id, role } = caller;
  const ofRole = role === undefined ? "" : "and coalesce(role, ?) = ?";
  return {
    sql: `${ofStatus} and s.key in (select key from session_details where user_id = ? ${ofRole})`,
    params: [user_id, ...(role === undefined ? [] : [role, role])],
  };
}

function indexSessions(db: Database, keys: readonly number[]): void {
  const list = JSON.stringify(keys);
  db.run(
    `insert into turn_search (rowid, input, output)
     select t.id, t.input, t.output from json_each(?) j cross join sessions s on s.key = j.value
     cross join turns t on t.id > s.key * 1048576 + s.indexed and t.id < (s.key + 1) * 1048576
     where s.segment is null and s.flags & ${JOURNAL} = 0 and ${FINAL}`,
    list,
  );
  writeSession(
    db,
    null,
    `update sessions set indexed = coalesce((select t.id - sessions.key * 1048576 from turns t
       where t.id > sessions.key * 1048576 + sessions.indexed and t.id < (sessions.key + 1) * 1048576 and ${FINAL}
       order by t.id desc limit 1), indexed)
     where segment is null and flags & ${JOURNAL} = 0 and key in (select value from json_each(?))`,
    list,
  );
}

const texts = ({ input, output }: Turn) => [
  encodeContent(input, "user"),
  output === null ? null : encodeContent(output, "assistant"),
];

/** A turn that is in the index says something else now. In the transaction that changes it. */
export function reindexTurn(db: Database, before: Turn, after: Turn): void {
  db.run(
    "insert into turn_search (turn_search, rowid, input, output) values ('delete', ?, ?, ?)",
    before.id,
    ...texts(before),
  );
  db.run(
    "insert into turn_search (rowid, input, output) values (?, ?, ?)",
    after.id,
    ...texts(after),
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

/** Removes all of the session's turns from the index. */
export function unindexTurns(db: Database, session: { key: number; indexed: number }): void {
  if (session.indexed === 0) return;
  forgetTurns(db, [session]);
  writeSession(db, session.key, "update sessions set indexed = 0 where key = ?", session.key);
}

/** Removes an archived session's turns from the index: their words come from the archive. */
export function forgetArchivedTurns(
  db: Database,
  { key, indexed }: { key: number; indexed: number },
  turns: readonly Turn[],
): void {
  for (const turn of turns) {
    if (seqOf(turn.id) > indexed) continue;
    db.run(
      "insert into turn_search (turn_search, rowid, input, output) values ('delete', ?, ?, ?)",
      turn.id,
      ...texts(turn),
    );
  }
  writeSession(db, key, "update sessions set indexed = 0 where key = ?", key);
}

/** The words of a turn by its row in `turn_search_docsize`: a varint a column, as hexadecimal digits. */
function wordsOf(hex: string): number {
  let sum = 0;
  let value = 0;
  for (const byte of Buffer.from(hex, "hex")) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    sum += value;
    value = 0;
  }
  return sum;
}

type HitRow = {
  session_id: string;
  turn_id: number;
  created_at: number | null;
  asked: string | null;
  answered: string | null;
};

function toHit({ asked, answered, ...row }: HitRow, phrases: readonly string[][]): SearchHit {
  if (row.created_at === null)
    return { ...row, status: "archived", role: null, snippet: null, highlights: [] };
  const hit = { ...row, status: "live" as const };
  const [user, assistant] = [asked, answered].map((text) => snippetOf(text ?? "", phrases));
  return assistant && user && assistant.highlights.length > user.highlights.length
    ? { ...hit, role: "assistant", ...assistant }
    : { ...hit, role: "user", ...(user ?? { snippet: "", highlights: [] }) };
}
