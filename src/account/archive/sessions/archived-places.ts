import type { Database } from "../../../sqlite/database.ts";
import { countStaleCopies } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { sessionsIn } from "../../store/archive/segment-sessions.ts";
import type { FormerSession } from "../../store/erasure/former-sessions.ts";
import type { SessionRow } from "../../store/sessions/sessions.ts";

/** Where the sessions of an archive begin, by the database. */
export interface ArchivedPlaces {
  /** Sessions that stay, by their ids, and the members in which they begin. A copy of another session is stale. */
  stays: ReadonlyMap<string, number>;
  /** Sessions that go. */
  goes: ReadonlyMap<string, number>;
  /** How many sessions that go may have a stale copy besides: no row says where. */
  copies: number;
}

/** Where sessions begin in an archive; null for a backup's part, of which no row says that. */
export function placesIn(
  db: Database,
  { id, backup_id }: SegmentRow,
  sessions: readonly SessionRow[],
  formers: readonly FormerSession[],
): (() => Promise<ArchivedPlaces>) | null {
  if (backup_id !== null) return null;
  const keys = new Set([...sessions, ...formers].map(({ key }) => key));
  return async () => {
    const all = await sessionsIn(db, id);
    const begins = (areGoing: boolean) =>
      new Map(
        all
          .filter(({ key }) => keys.has(key) === areGoing)
          .map(({ session_id, member }) => [session_id, member] as const),
      );
    return {
      stays: begins(false),
      goes: begins(true),
      copies: countStaleCopies(db, id, [...keys]),
    };
  };
}
