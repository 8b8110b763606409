import type { Database, Value } from "../../../sqlite/database.ts";

/**
 * Writes rows of `sessions` or `session_details`, and says whose they are: the {@link SessionCache} forgets them. No other
 * function writes these tables.
 *
 * @param key - the session's key; null for several sessions
 */
export function writeSession(
  db: Database,
  key: number | null,
  sql: string,
  ...params: Value[]
): void {
  db.run(sql, ...params);
  db.changed("sessions", key);
}
