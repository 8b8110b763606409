import type { Flag } from "../shared/flags.ts";
import type { Database } from "../sqlite/database.ts";
import { parseJson } from "../shared/json.ts";

/** A flag that an admin set. It overrules the var of the same name. */
export interface StoredFlag {
  name: string;
  flag: Flag;
  /** Ms since the epoch. */
  changed_at: number;
}

type FlagRow = { name: string; flag: string; changed_at: number };

export const readFlags = (db: Database): StoredFlag[] =>
  db
    .all<FlagRow>("select * from flags")
    .map((row) => ({ ...row, flag: parseJson(row.flag) as Flag }));

export function setFlag(db: Database, { name, flag, changed_at }: StoredFlag): void {
  db.run("insert or replace into flags values (?, ?, ?)", name, JSON.stringify(flag), changed_at);
}

export function unsetFlag(db: Database, name: string): void {
  db.run("delete from flags where name = ?", name);
}
