import type { Database } from "../sqlite/database.ts";
import type { LoggedEntry } from "./admin-log-table.ts";

export interface AccountLogPage {
  entries: LoggedEntry[];
  has_more: boolean;
}

/** Entries about one account after `after`, oldest first. No index: an operator reads them once in a while. */
export function readAccountLog(
  db: Database,
  accountId: string,
  { after, limit }: { after: number; limit: number },
): AccountLogPage {
  const entries = db.all<{ [Column in keyof LoggedEntry]: LoggedEntry[Column] }>(
    "select * from admin_log where target = +? and seq > ? order by seq limit +?",
    accountId,
    after,
    limit + 1,
  );
  return { entries: entries.slice(0, limit), has_more: entries.length > limit };
}
