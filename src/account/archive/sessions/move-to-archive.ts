import type { Database } from "../../../sqlite/database.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { cancelDeletion, insertSegment, recordStaleCopy } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { moveToSegment, snapshots } from "../../store/retention/retention.ts";
import { insertParts } from "../../store/archive/session-parts.ts";
import type { Archived } from "../../store/retention/retention.ts";
import { keyOf } from "../../../shared/ids.ts";
import { ownSessions } from "../../store/sessions/session-flags.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import { reindexTurn } from "../../store/turns/indexed-turns.ts";
import { settledTurn, turnsWithPieces } from "../../store/turns/stream-pieces.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { tally } from "../../store/usage/roll-up.ts";
import type { Counters } from "../../store/usage/counters.ts";

/** A segment that lies in R2 and is to be indexed. */
export interface WrittenSegment {
  row: Omit<SegmentRow, "id">;
  /** The numbers of its first and last turn, where it is a session's part; 0 where it is not. */
  first_seq: number;
  last_seq: number;
}

interface MoveParts {
  db: Database;
  turns: Turns;
  counters: Counters;
  isBusy: (sessionId: string) => boolean;
}

/**
 * Indexes a segment that lies in R2 and deletes the rows that it holds, in one transaction; or all segments of a session
 * that has several.
 *
 * @param written - keys of sessions whose turns were written since they were read: a snapshot tells of the last turn only
 * @returns how many sessions were moved: those that have not changed since they were archived
 */
export function moveToArchive(
  { db, turns, counters, isBusy }: MoveParts,
  archived: readonly Archived[],
  written: ReadonlySet<number>,
  segments: readonly [WrittenSegment, ...WrittenSegment[]],
): number {
  return db.transaction(() => {
    const now = new Map(
      snapshots(
        db,
        archived.map(({ snapshot }) => snapshot.key),
      ).map((each) => [each.key, JSON.stringify(each)]),
    );
    const held = isHeld(db);
    const unchanged = archived.filter(
      ({ snapshot }) =>
        !held &&
        now.get(snapshot.key) === JSON.stringify(snapshot) &&
        !written.has(snapshot.key) &&
        !isBusy(snapshot.session_id),
    );
    if (unchanged.length === 0) return 0;
    counters.changing();
    const ids = segments.map(({ row }) => insertSegment(db, row));
    const [id] = ids as [number];
    const latest = Math.max(...unchanged.map(({ snapshot }) => snapshot.last_accessed_at));
    const keys = unchanged.map(({ snapshot }) => snapshot.key);
    tally(db, keys, latest, 1);
    indexLostAnswers(db, turns, keys);
    moveToSegment(db, unchanged, id);
    for (const { snapshot } of archived) {
      // A copy of what stayed live is in the segment all the same: erasing must find it.
      if (!unchanged.some((one) => one.snapshot === snapshot))
        recordStaleCopy(db, snapshot.key, id);
    }
    const [parted] = segments.length > 1 ? keys : [];
    if (parted !== undefined)
      insertParts(
        db,
        parted,
        segments.map((part, index) => ({ ...part, segment: ids[index] as number })),
      );
    for (const { row } of segments) cancelDeletion(db, row.object_key);
    for (const { snapshot } of unchanged) counters.sessionRemoved(snapshot);
    counters.turnsChanged(
      -sum(unchanged.map((each) => each.turns)),
      -sum(unchanged.map(({ messages }) => messages)),
    );
    const own = ownSessions(unchanged.map(({ snapshot }) => snapshot));
    counters.archivesChanged(own.length, sum(segments.map(({ row }) => row.bytes)));
    return unchanged.length;
  });
}

/** The archive has what lost workers had sent as answers. So the search index has to have it: it forgets what the archive has. */
function indexLostAnswers(db: Database, turns: Turns, keys: readonly number[]): void {
  for (const id of turnsWithPieces(db, keys)) {
    const stored = turns.get(id);
    if (!stored) continue;
    const settled = settledTurn(db, stored, Number.POSITIVE_INFINITY);
    reindexTurn(db, sessionByKey(db, keyOf(id))?.indexed ?? 0, stored, settled);
  }
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);
