import type { Database } from "../../../sqlite/database.ts";

/** A key of the account's archive, wrapped by the deployment's. */
export interface ArchiveKeyRow extends Record<string, string | number> {
  id: number;
  wrapped: string;
  /** Names the deployment's key that wraps it. */
  wrapped_by: string;
  created_at: number;
}

/** Oldest first. */
export const listArchiveKeys = (db: Database): ArchiveKeyRow[] =>
  db.all<ArchiveKeyRow>("select * from archive_keys order by id");

export const findArchiveKey = (db: Database, id: number): ArchiveKeyRow | null =>
  db.one<ArchiveKeyRow>("select * from archive_keys where id = ?", id);

/** Replaces all keys by these, in one transaction. */
export function replaceArchiveKeys(db: Database, rows: readonly ArchiveKeyRow[]): void {
  db.transaction(() => {
    db.run("delete from archive_keys");
    for (const { id, wrapped, wrapped_by, created_at } of rows)
      db.run("insert into archive_keys values (?, ?, ?, ?)", id, wrapped, wrapped_by, created_at);
  });
}
