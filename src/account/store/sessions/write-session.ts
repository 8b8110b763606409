import type { Database, Value } from "../../../sqlite/database.ts";

/**
 * Writes rows of `sessions` or `session_details`, and says whose they are: the {@link SessionCache} forgets them. No other
 * function writes these tables.
 *
 * @param key - the session's key, or the keys of several; null for sessions that the statement finds
 */
export function writeSession(
  db: Database,
  key: number | readonly number[] | null,
  sql: string,
  ...params: Value[]
): void {
  db.run(sql, ...params);
  for (const each of typeof key === "object" && key !== null ? key : [key])
    db.changed("sessions", each);
}
