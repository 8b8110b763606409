import { turnId } from "../../../shared/ids.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { SessionRow } from "../sessions/sessions.ts";

/** Where some of an archived session's turns lie: all of them, unless it has several parts. */
export interface ArchivedPart {
  /** From 1. */
  part: number;
  segment: number;
  /** The segment's member in which it begins. */
  member: number;
  /** Ids of its turns lie from here to there. */
  first: number;
  last: number;
  /** Whether its turns are in SQLite again, while the session is still archived. */
  isBack: boolean;
}

interface PartRow extends Record<string, number> {
  part: number;
  segment: number;
  first_seq: number;
  last_seq: number;
  is_back: number;
}

/** A part of a session, as it is about to be indexed. */
export interface NewPart {
  segment: number;
  first_seq: number;
  last_seq: number;
}

/** The parts of an archived session, in order. None: it is live. */
export function partsOf(
  db: Database,
  { key, segment, member }: Pick<SessionRow, "key" | "segment" | "member">,
): ArchivedPart[] {
  if (segment === null) return [];
  const rows = db.all<PartRow>("select * from session_parts where key = +? order by part", key);
  const whole = { first: turnId(key, 0), last: turnId(key + 1, 0) - 1 };
  if (rows.length === 0)
    return [{ part: 1, segment, member: member ?? 0, ...whole, isBack: false }];
  return rows.map((row) => ({
    part: row.part,
    segment: row.segment,
    member: 0,
    first: turnId(key, row.first_seq),
    last: turnId(key, row.last_seq),
    isBack: row.is_back === 1,
  }));
}

/** In the transaction that archives the session, or finds it in R2. */
export function insertParts(db: Database, key: number, parts: readonly NewPart[]): void {
  for (const [index, { segment, first_seq, last_seq }] of parts.entries())
    db.run(
      "insert into session_parts (key, part, segment, first_seq, last_seq) values (?, ?, ?, ?, ?)",
      key,
      index + 1,
      segment,
      first_seq,
      last_seq,
    );
}

/** The session is live again, or gone. */
export const dropParts = (db: Database, key: number): void =>
  db.run("delete from session_parts where key = ?", key);

/** @param isBack - whether the turns of the session's part are in SQLite */
export const notePart = (db: Database, key: number, part: number, isBack: boolean): void =>
  db.run(
    "update session_parts set is_back = ? where key = ? and part = ?",
    isBack ? 1 : 0,
    key,
    part,
  );

/** The keys of archived sessions some parts of which came back. @param keys - of these; null: of all */
export function halfBack(db: Database, keys: readonly number[] | null): number[] {
  const chosen = keys === null ? "" : "and key in (select value from json_each(?))";
  return db
    .all<{ key: number }>(
      `select distinct key from session_parts where is_back = 1 ${chosen}`,
      ...(keys === null ? [] : [JSON.stringify(keys)]),
    )
    .map(({ key }) => key);
}

/** The part that lies in a segment, and the last turn's number of the part before it. */
export const partIn = (
  db: Database,
  segment: number,
): { key: number; part: number; before: number } | null =>
  db.one<{ key: number; part: number; before: number }>(
    `select p.key, p.part, coalesce((select b.last_seq from session_parts b
       where b.key = p.key and b.part = p.part - 1), 0) as before
     from session_parts p where p.segment = ?`,
    segment,
  );
