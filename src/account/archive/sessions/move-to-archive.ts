import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { Database } from "../../../sqlite/database.ts";
import { isHeld } from "../../store/account/account-values.ts";
import { cancelDeletion, insertSegment, isSegment } from "../../store/archive/archives.ts";
import type { SegmentRow } from "../../store/archive/archives.ts";
import { moveToSegment, snapshots } from "../../store/retention/retention.ts";
import { insertParts } from "../../store/archive/session-parts.ts";
import { beginMove, endCutOffMove, endMove } from "../../store/archive/unfinished-move.ts";
import type { Archived } from "../../store/retention/retention.ts";
import { keyOf } from "../../../shared/ids.ts";
import { searchedText } from "../../../shared/searched-text.ts";
import { ownSessions } from "../../store/sessions/session-flags.ts";
import { sessionByKey } from "../../store/sessions/sessions.ts";
import { finishTurn, reindexTurn } from "../../store/turns/indexed-turns.ts";
import { unfinishedTurns } from "../../store/turns/search-parts.ts";
import { settledTurn, turnsWithPieces } from "../../store/turns/stream-pieces.ts";
import type { Turns } from "../../store/turns/turns.ts";
import type { WrittenTurns } from "../../store/turns/written-turns.ts";
import { tally } from "../../store/usage/roll-up.ts";
import type { Counters } from "../../store/usage/counters.ts";
import { checkOwnFault, checkOwnFaults } from "./common-fault.ts";

/** Turns that are deleted in one transaction, unless a single session has more. */
export const SLICE_TURNS = 500;

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
  onError: (error: unknown, about: Record<string, string | number>) => void;
}

/** Which sessions stay live. */
export interface Staying {
  /** Turns that were written since the sessions were read: their sessions stay. A snapshot tells of the last turn only. */
  written: WrittenTurns;
  /** A sweep takes nothing of an account under legal hold; a caller may archive there, too. */
  isSweep: boolean;
}

export interface Moved {
  /** Sessions that have not changed since they were archived. */
  sessions: number;
  /** Those that could not be moved, and stay live. */
  errors: number;
}

/**
 * Indexes a segment that lies in R2 and deletes the rows that it holds; or all segments of a session that has several.
 * Many turns go in several transactions, and other calls run in between. After a crash some sessions are moved, and
 * the others are live: their copies in the segment can be erased.
 *
 * A slice that fails is tried again session by session, so that one of them keeps none of the others from being moved.
 *
 * @throws the first error, where it is of the whole storage or none of many sessions could be moved
 */
export async function moveToArchive(
  parts: MoveParts,
  archived: readonly Archived[],
  staying: Staying,
  segments: readonly [WrittenSegment, ...WrittenSegment[]],
): Promise<Moved> {
  const { db } = parts;
  const all = archived.map(({ snapshot }) => snapshot.key);
  const slices = slicesOf(archived);
  const failed: { session_id: string; error: unknown }[] = [];
  let moved = 0;
  let segment: number | null = null;
  for (let slice = slices.shift(), isFirst = true; slice; slice = slices.shift(), isFirst = false) {
    if (!isFirst) await letOthersRun();
    const isLast = slices.length === 0;
    const some = slice;
    try {
      const done = db.transaction(() => {
        let id = segment;
        const isThere = id === null || isSegment(db, id);
        const going = isThere ? unchangedOf(parts, some, staying) : [];
        if (going.length > 0) {
          parts.counters.changing();
          if (id === null) {
            id = insertAll(parts, segments, going);
            if (!isLast) beginMove(db, id, all);
          }
          moveSlice(parts, going, id);
        }
        if (isLast && id !== null) endMove(db, id, all);
        return { id, sessions: going.length };
      });
      segment = done.id;
      moved += done.sessions;
    } catch (error) {
      checkOwnFault(error);
      const [first, ...others] = some;
      if (others.length > 0) {
        slices.unshift(...some.map((each) => [each]));
        continue;
      }
      failed.push({ session_id: first?.snapshot.session_id ?? "", error });
      if (isLast) db.transaction(() => endCutOffMove(db));
    }
  }
  checkOwnFaults(
    failed.map(({ error }) => error),
    moved,
  );
  for (const { session_id, error } of failed) parts.onError(error, { session_id });
  return { sessions: moved, errors: failed.length };
}

/** In one slice there are {@link SLICE_TURNS}, or one session. */
function slicesOf(archived: readonly Archived[]): Archived[][] {
  const slices: Archived[][] = [];
  let turns = Infinity;
  for (const each of archived) {
    turns += each.turns;
    if (turns > SLICE_TURNS) {
      slices.push([]);
      turns = each.turns;
    }
    slices.at(-1)?.push(each);
  }
  return slices;
}

function unchangedOf(
  { db, isBusy }: MoveParts,
  archived: readonly Archived[],
  { written, isSweep }: Staying,
): Archived[] {
  if (isSweep && isHeld(db)) return [];
  const now = new Map(
    snapshots(
      db,
      archived.map(({ snapshot }) => snapshot.key),
    ).map((each) => [each.key, JSON.stringify(each)]),
  );
  // They changed since the search index was given their words.
  const unfinished = new Set(unfinishedTurns(db).map(keyOf));
  return archived.filter(
    ({ snapshot }) =>
      now.get(snapshot.key) === JSON.stringify(snapshot) &&
      !written.has(snapshot.key) &&
      !unfinished.has(snapshot.key) &&
      !isBusy(snapshot.session_id),
  );
}

/** @returns the id of the first */
function insertAll(
  { db, counters }: MoveParts,
  segments: readonly [WrittenSegment, ...WrittenSegment[]],
  [first]: readonly Archived[],
): number {
  endCutOffMove(db);
  const ids = segments.map(({ row }) => insertSegment(db, row));
  if (segments.length > 1 && first)
    insertParts(
      db,
      first.snapshot.key,
      segments.map((part, index) => ({ ...part, segment: ids[index] as number })),
    );
  for (const { row } of segments) cancelDeletion(db, row.object_key);
  counters.archivesChanged(0, sum(segments.map(({ row }) => row.bytes)));
  return ids[0] as number;
}

function moveSlice(
  { db, turns, counters }: MoveParts,
  unchanged: readonly Archived[],
  segment: number,
): void {
  const keys = unchanged.map(({ snapshot }) => snapshot.key);
  tally(db, keys, Math.max(...unchanged.map(({ snapshot }) => snapshot.last_accessed_at)), 1);
  indexLostAnswers(db, turns, keys);
  moveToSegment(db, unchanged, segment);
  for (const { snapshot } of unchanged) counters.sessionRemoved(snapshot);
  counters.turnsChanged(
    -sum(unchanged.map((each) => each.turns)),
    -sum(unchanged.map(({ messages }) => messages)),
  );
  counters.archivesChanged(ownSessions(unchanged.map(({ snapshot }) => snapshot)).length, 0);
}

/** The archive has what lost workers had sent as answers. So the search index has to have it: it forgets what the archive has. */
function indexLostAnswers(db: Database, turns: Turns, keys: readonly number[]): void {
  for (const id of turnsWithPieces(db, keys)) {
    const stored = turns.get(id);
    if (!stored) continue;
    const settled = settledTurn(db, stored, Number.POSITIVE_INFINITY);
    reindexTurn(db, sessionByKey(db, keyOf(id))?.indexed ?? 0, stored, settled);
    const isUnfinished = unfinishedTurns(db).includes(id);
    if (isUnfinished) while (!finishTurn(db, id, searchedText(settled)));
  }
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);
