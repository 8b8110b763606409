import { sha256 } from "../../../shared/sha256.ts";
import { readValue, writeValue } from "../account/account-values.ts";
import type { Order } from "../../../sqlite/keyset-page.ts";
import type { Database } from "../../../sqlite/database.ts";
import { callId as callIdOf } from "../../../shared/ids.ts";
import { parseJson } from "../../../shared/json.ts";

/** A row as it came. */
export interface StoredRow {
  /** Which table it is of: its place among the old schema's. */
  kind: number;
  call_id: string;
  /** The row's own; null where it has none. */
  id: string | null;
  /** JSON. */
  row: string;
}

/** The name under which a row is kept: its id, or what is in it. */
function nameOf({ kind, call_id, id, row }: StoredRow): string {
  return `${kind}:${call_id}:${id ?? sha256(row)}`;
}

/** What is kept under the row's name, as JSON; null for nothing. */
export const keptRow = (db: Database, row: StoredRow): string | null =>
  db.scalar<string>("select row from old_rows where id = ?", nameOf(row));

/** Each once, by its name: a later row of that name replaces what was kept. In a transaction. */
export function putOldRows(db: Database, rows: readonly StoredRow[], now: number): void {
  for (const stored of rows) {
    const { kind, call_id, row } = stored;
    db.run(
      `insert into old_rows values (?, ?, ?, ?)
       on conflict (id) do update set row = excluded.row where row <> excluded.row`,
      nameOf(stored),
      call_id,
      kind,
      row,
    );
  }
  // Compared calls may differ now.
  if (rows.length > 0) writeValue(db, "compared", { after: "", calls: 0, at: now });
}

/** The call's old rows, each as JSON. */
export const oldRowsOf = (db: Database, callId: string): string[] =>
  db
    .all<{ row: string }>("select row from old_rows where call_id = +? order by kind, id", callId)
    .map(({ row }) => row);

/** Call ids of old rows, after `after`. */
export const oldCallIds = (db: Database, after: string, limit: number): string[] =>
  db
    .all<{ call_id: string }>(
      "select distinct call_id from old_rows where call_id > ? order by call_id limit +?",
      after,
      limit,
    )
    .map(({ call_id }) => call_id);

export function countOldRows(db: Database): { rows: number; calls: number } {
  const counted = db.one<{ rows: number; calls: number }>(
    "select count(*) as rows, count(distinct call_id) as calls from old_rows",
  );
  return counted ?? { rows: 0, calls: 0 };
}

/** @param differences - in what the call is not what its old rows say; none: it is */
export function noteMismatch(db: Database, callId: string, differences: readonly string[]): void {
  db.run("delete from old_mismatches where call_id = ?", callId);
  if (differences.length > 0)
    db.run("insert into old_mismatches values (?, ?)", callId, JSON.stringify(differences));
}

export interface Mismatch {
  call_id: string;
  differences: string[];
}

export function readMismatches(db: Database, limit: number): { count: number; first: Mismatch[] } {
  const first = db.all<{ call_id: string; details: string }>(
    "select * from old_mismatches order by call_id limit +?",
    limit,
  );
  return {
    count: db.scalar<number>("select count(*) from old_mismatches") ?? 0,
    first: first.map(({ call_id, details }) => ({
      call_id,
      differences: parseJson(details) as string[],
    })),
  };
}

/** Up to `count` of them in a direction, by the ids of their calls. @param callId - of this call alone */
export const walkMismatches = (
  db: Database,
  order: Order,
  after: string | null,
  count: number,
  callId: string | null = null,
): Mismatch[] =>
  db
    .all<{ call_id: string; details: string }>(
      `select * from old_mismatches where (?1 is null or call_id ${order === "asc" ? ">" : "<"} ?1)
       ${callId === null ? "" : "and call_id = +?3"} order by call_id ${order} limit +?2`,
      after,
      count,
      ...(callId === null ? [] : [callId]),
    )
    .map(({ call_id, details }) => ({ call_id, differences: parseJson(details) as string[] }));

/** Whether every call was compared since the last row came. */
export const isCompared = (db: Database): boolean => readValue(db, "compared")?.after === null;

export function dropOldRows(db: Database): void {
  db.run("delete from old_rows");
  db.run("delete from old_mismatches");
}

/** Deletes the rows of a call by its id. */
export function dropOldRowsOfCall(db: Database, callId: string): void {
  db.run("delete from old_rows where call_id = ?", callId);
  db.run("delete from old_mismatches where call_id = ?", callId);
}

/** Deletes what is stored of calls beside their turns, in the transaction that deletes those. */
export function dropCalls(db: Database, range: readonly [number, number]): void {
  dropOldRowsOf(db, range);
  db.run("delete from calls where turn_id >= ? and turn_id < ?", ...range);
}

/**
 * The old rows of a session's turns that Colloquy answered, from a turn on: their requests hold what the turns before
 * said.
 */
export function dropOwnRowsFrom(db: Database, turn: number, end: number): void {
  const named = db.all<{ call_id: string; turn_id: number }>(
    "select * from calls where turn_id >= ? and turn_id < ?",
    turn,
    end,
  );
  const own = named.filter(({ call_id, turn_id }) => call_id === callIdOf(turn_id));
  for (const { call_id } of own) dropOldRowsOfCall(db, call_id);
}

/** The old rows of these turns' calls; the calls stay. */
export function dropOldRowsOf(db: Database, range: readonly [number, number]): void {
  const ids = "(select call_id from calls where turn_id >= ? and turn_id < ?)";
  db.run(`delete from old_rows where call_id in ${ids}`, ...range);
  db.run(`delete from old_mismatches where call_id in ${ids}`, ...range);
}
