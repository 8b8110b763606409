import type { Database } from "../sqlite/database.ts";
import { parseJson } from "../shared/json.ts";
import type { LogHead } from "./admin-log-table.ts";

/** A row of `operations`, in an object that holds nothing else. */
const NAME = "admin_log_head";

export function readAnchor(db: Database): LogHead | null {
  const value = db.scalar<string>("select value from operations where name = ?", NAME);
  return value === null ? null : (parseJson(value) as LogHead);
}

/**
 * Moves the anchor from one head to a later one. It never goes back, and nothing else moves it: a log that was cut off
 * does not continue its head. The first head is taken as it is.
 *
 * @returns the head that it has then
 */
export function advanceAnchor(db: Database, from: LogHead | null, to: LogHead): LogHead {
  return db.transaction(() => {
    const anchor = readAnchor(db);
    const isFrom = anchor?.seq === from?.seq && anchor?.hash === from?.hash;
    if (anchor !== null && (!isFrom || to.seq <= anchor.seq)) return anchor;
    db.run(
      "insert into operations values (?, ?) on conflict (name) do update set value = excluded.value",
      NAME,
      JSON.stringify({ seq: to.seq, hash: to.hash }),
    );
    return to;
  });
}
