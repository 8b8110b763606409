import type { Database } from "../../../sqlite/database.ts";
import type { SessionRow } from "../sessions/sessions.ts";

/** A session's archive expired. Its turns stay counted in `daily`. In the transaction that drops the session. */
export const noteExpired = (
  db: Database,
  { key, created_at }: Pick<SessionRow, "key" | "created_at">,
): void =>
  db.run("insert or ignore into expired_sessions (key, created_at) values (?, ?)", key, created_at);

/** A backup or an import brings a session. @returns whether it expired here, and so is counted already */
export function takeExpired(db: Database, key: number): boolean {
  const expired = db.scalar("select 1 from expired_sessions where key = ?", key) !== null;
  if (expired) db.run("delete from expired_sessions where key = ?", key);
  return expired;
}
