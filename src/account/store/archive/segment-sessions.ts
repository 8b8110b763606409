import type { Database } from "../../../sqlite/database.ts";
import { sessionSlices } from "../sessions/session-slices.ts";

/** An archived session, and the member of its segment in which it begins. */
export interface SegmentSession extends Record<string, string | number> {
  key: number;
  session_id: string;
  member: number;
}

/** The archived sessions that begin in a segment. No index leads there: other calls run between slices of the sessions. */
export async function sessionsIn(db: Database, segment: number): Promise<SegmentSession[]> {
  const found: SegmentSession[] = [];
  for await (const { from, to } of sessionSlices(db))
    found.push(
      ...db.all<SegmentSession>(
        `select key, session_id, coalesce(member, 0) as member from sessions
         where key >= ? and key < ? and segment = +?`,
        from,
        to,
        segment,
      ),
    );
  return found;
}
