import type { Database } from "../../../sqlite/database.ts";
import { sessionByKey } from "../sessions/sessions.ts";

/**
 * Reads a session where it lies: in SQLite, or in its archive. The archive may go while it is read, because the session comes
 * back, is erased or is archived again. Then the session is read again where it lies by then.
 *
 * @param key - the session's; null: there is none
 * @param read - finds the session each time, and only reads
 */
export async function readWhereItLies<T>(
  db: Database,
  key: number | null,
  read: () => T | Promise<T>,
): Promise<T> {
  const segmentNow = () => (key === null ? null : sessionByKey(db, key)?.segment);
  for (;;) {
    const segment = segmentNow();
    try {
      return await read();
    } catch (error) {
      if (segmentNow() === segment) throw error;
    }
  }
}
