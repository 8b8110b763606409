import type { Database } from "../../../sqlite/database.ts";
import { parseJson } from "../../../shared/json.ts";

/** Rows that a call writes: those of the old schema, both, or the call alone. */
export type CallsMode = "old" | "dual" | "new";

/**
 * The small values that an account keeps about itself, each as JSON in a row of its own. A module whose own type a value
 * has declares it there (`declare module`), so that this file names none of its users.
 */
export interface AccountValues {
  /** Sessions get their keys from blocks; this is the first key that no block has reserved. */
  next_key: number;
  /** The `idle_since` that the directory knows, or that it has to be told of a change; absent before the first turn. */
  directory: "pending" | number;
  /** Before this, in ms since the epoch, turns are counted in `daily`. */
  rolled_through: number;
  /** There is something to look after that no time tells of. */
  maintain_soon: true;
  /** Whether the replica has, or is to get, everything; absent where there never was one. */
  replicated: boolean;
  /** The session key of the journal's newest block; absent while there is none. */
  journal: number;
  /** Where the account is on its way from the old schema of calls; absent: where the deployment is. */
  calls_mode: CallsMode;
  /** Turns that Colloquy answers are written as old rows, too, while both are written. */
  own_turns: true;
  /** The call up to which old rows were compared with calls; null: to the end, and no row came since. */
  compared: { after: string | null; calls: number; at: number };
  /** The old rows were deleted, so this mode cannot be set any more. */
  old_rows_dropped: true;
  /**
   * Turns begun on a day, up to the time `at`: `turns` of them are or were rows, written when rows leave. `unstored` ones
   * have no row, and are written as they begin.
   */
  begun: { day: number; turns: number; unstored?: number; at?: number };
  /** Why the whole account is under legal hold; absent when it is not. */
  hold: string;
  /** SQLite's file has no more than this, also where it is empty. See compact.ts. */
  file_bytes: number;
  /** An erasure of the whole account has begun and is not complete. */
  erasing: true;
  /** The account has searched: from then on sessions are indexed as they are archived. */
  searched: true;
  /** By which rule turns are in the search index: see index-version.ts. */
  index_version: number;
  /** Numbers of the search index's volumes, oldest first: see search-volumes.ts. */
  search_volumes: number[];
  /** When everything before was erased. */
  erased_at: number;
  /** How far values were brought into bounds that were stored before there were any: see repair.ts. Null: all of them. */
  repair: {
    turns_after: number | null;
    segments_after: number | null;
    turns: number;
    sessions: string[];
    unreadable: string[];
  };
  /** When the account last asked for a sweep itself. */
  sweep_asked: number;
  last_purge: { at: number; deleted: number; errors: number; bytes: number };
}

export function readValue<N extends keyof AccountValues>(
  db: Database,
  name: N,
): AccountValues[N] | null {
  const value = db.scalar<string>("select value from account where name = ?", name);
  return value === null ? null : (parseJson(value) as AccountValues[N]);
}

export function writeValue<N extends keyof AccountValues>(
  db: Database,
  name: N,
  value: AccountValues[N],
): void {
  db.run(
    "insert into account (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
    name,
    JSON.stringify(value),
  );
}

export function deleteValue(db: Database, name: keyof AccountValues): void {
  db.run("delete from account where name = ?", name);
}

/** Whether the whole account is under legal hold. */
export const isHeld = (db: Database): boolean => readValue(db, "hold") !== null;
