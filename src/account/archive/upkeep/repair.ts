import { repairTurn } from "../../../shared/bound-turn.ts";
import { ApiError } from "../../../shared/errors.ts";
import { readValue, writeValue } from "../../store/account/account-values.ts";
import { nextSegment } from "../../store/archive/archives.ts";
import { repairSessionTimes, suspectTurns } from "../../store/turns/suspect-turns.ts";
import type { Counters } from "../../store/usage/counters.ts";
import type { Turns } from "../../store/turns/turns.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { Archivist } from "../sessions/archivist.ts";

/** Turns that are read together: of 1.9 MB at most. */
const READ_TURNS = 16;
/** Reads of READ_TURNS turns per step. */
const STEP_READS = 32;
/** Segments that a step reads. */
const STEP_SEGMENTS = 4;
/** Reading again does not mend these. Once the segment can be read, its readers bring its values into bounds. */
const UNREADABLE: ReadonlySet<string> = new Set(["archive_corrupt", "archive_locked"]);
/** Sessions and objects that the report names. */
const MAX_REPORTED = 1_000;

export interface RepairParts {
  db: Database;
  turns: Turns;
  counters: Counters;
  archivist: Archivist;
  onError: (error: unknown, about: Record<string, string | number>) => void;
}

/** Result of a repair. */
export interface RepairResult {
  /** Live turns. */
  turns: number;
  /** Archived sessions that can be read again, in archives or backups. */
  sessions: string[];
  /** Objects that cannot be read. */
  unreadable: string[];
  more: boolean;
}

export const NOTHING_REPAIRED: RepairResult = {
  turns: 0,
  sessions: [],
  unreadable: [],
  more: false,
};

/**
 * The next step of bringing what was stored before there were bounds inside of them: live turns first, then what lies in
 * R2. Accounts that are younger have nothing to repair.
 */
export async function repair(parts: RepairParts): Promise<RepairResult> {
  const progress = readValue(parts.db, "repair");
  if (progress === null) return NOTHING_REPAIRED;
  if (progress.turns_after !== null) return repairTurns(parts, progress.turns_after);
  if (progress.segments_after !== null) return repairSegments(parts, progress.segments_after);
  return NOTHING_REPAIRED;
}

export function needsRepair(db: Database): boolean {
  const progress = readValue(db, "repair");
  return progress !== null && (progress.turns_after !== null || progress.segments_after !== null);
}

function repairTurns({ db, turns, counters }: RepairParts, begin: number): RepairResult {
  return db.transaction(() => {
    let after: number | null = begin;
    if (begin === 0 && repairSessionTimes(db) > 0) {
      counters.changing();
      counters.forget();
    }
    let count = 0;
    for (let read = 0; read < STEP_READS && after !== null; read += 1) {
      const suspects = suspectTurns(turns, after, READ_TURNS);
      for (const turn of suspects) {
        const bounded = repairTurn(turn);
        if (bounded === turn) continue;
        turns.update(bounded);
        count += 1;
      }
      after = suspects.length < READ_TURNS ? null : (suspects.at(-1)?.id ?? null);
    }
    note(db, { turns_after: after, turns: count, sessions: [], unreadable: [] });
    return { ...NOTHING_REPAIRED, turns: count, more: true };
  });
}

async function repairSegments(
  { db, archivist, onError }: RepairParts,
  begin: number,
): Promise<RepairResult> {
  const sessions: string[] = [];
  const unreadable: string[] = [];
  let after: number | null = begin;
  for (let read = 0; read < STEP_SEGMENTS && after !== null; read += 1) {
    const segment = nextSegment(db, after);
    after = segment?.id ?? null;
    if (!segment) break;
    try {
      sessions.push(...(await archivist.rewriteSegment(segment.id, new Set())));
    } catch (error) {
      // R2 may be away for a moment: then the next step begins with this segment.
      if (!(error instanceof ApiError) || !UNREADABLE.has(error.code)) throw error;
      onError(error, { object_key: segment.object_key });
      unreadable.push(segment.object_key);
    }
  }
  db.transaction(() => note(db, { segments_after: after, turns: 0, sessions, unreadable }));
  return { turns: 0, sessions, unreadable, more: after !== null };
}

interface Step extends Omit<RepairResult, "more"> {
  turns_after?: number | null;
  segments_after?: number | null;
}

function note(db: Database, { turns, sessions, unreadable, ...place }: Step): void {
  const before = readValue(db, "repair");
  if (before === null) return;
  writeValue(db, "repair", {
    ...before,
    ...place,
    turns: before.turns + turns,
    sessions: named(before.sessions, sessions),
    unreadable: named(before.unreadable, unreadable),
  });
}

const named = (known: string[], more: string[]): string[] =>
  [...new Set([...known, ...more])].slice(0, MAX_REPORTED);
