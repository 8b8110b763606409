import { nodeCrypto } from "../../shared/node-modules.ts";
import { seqOf, turnId } from "../../shared/ids.ts";
import type { Turn } from "../../shared/turn.ts";
import type { Database } from "../../sqlite/database.ts";
import { readPart } from "../archive/backup/read-part.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { sha256 } from "../../shared/sha256.ts";
import type { ImportParts } from "../archive/sessions/bring.ts";
import { contentOfTurn } from "../archive/sessions/incoming.ts";
import type { Incoming } from "../archive/sessions/incoming.ts";
import { insertArchivedRecord } from "../archive/sessions/insert-archived.ts";
import { TurnDigests } from "../archive/sessions/turn-digests.ts";
import { flagsOfRecord, underKey, withoutErasedCalls } from "../archive/sessions/insert-record.ts";
import { markTurns } from "../store/archive/imports.ts";
import type { NewPart } from "../store/archive/session-parts.ts";
import { stagedParts, takeStaged } from "../store/archive/staged-parts.ts";
import type { SegmentObject, StagedSession } from "../store/archive/staged-parts.ts";
import { putCall } from "../store/calls/calls.ts";
import { takeExpired } from "../store/retention/expired-sessions.ts";
import { JOURNAL } from "../store/sessions/session-flags.ts";
import { summed } from "../store/usage/analytics.ts";
import type { DailyCounts } from "../store/usage/analytics.ts";
import { countsOfTurn } from "../store/usage/count-turns.ts";
import { tallyFound } from "../store/usage/roll-up.ts";
import type { StageParts } from "./stage-part.ts";

export type LargeParts = StageParts & ImportParts;

/** A session all parts of which lie in R2, read back from there. */
export interface LargeSession {
  head: SessionRecord;
  places: Omit<NewPart, "segment">[];
  digests: TurnDigests;
  /** Ids that callers gave its calls, and their places. */
  calls: [id: string, seq: number][];
  daily: DailyCounts[];
  /** sha256 over its parts. */
  hash: string;
  /** Its first part without what SQLite keeps of it; null where nothing is to be left out. */
  first: SegmentObject | null;
}

/** Turns whose counts are summed at a time. A part may have 60,000 short ones, and the counts of one take more memory. */
const COUNTED_TOGETHER = 1_000;

/** The session's parts from R2, one after the other. */
export async function* readStaged(
  parts: Pick<LargeParts, "db" | "store" | "keyring">,
  staged: StagedSession,
): AsyncGenerator<SessionRecord> {
  for (const row of stagedParts(parts.db, staged)) {
    const [record] = await readPart(parts, row);
    if (record) yield record;
  }
}

/**
 * Reads the parts of a session back, one at a time.
 *
 * @returns what is wrong, where they do not fit together
 */
export async function readLarge(
  parts: Pick<LargeParts, "db" | "store" | "keyring">,
  staged: StagedSession,
): Promise<LargeSession | string> {
  let large: LargeSession | null = null;
  const hash = nodeCrypto().createHash("sha256");
  for await (const record of readStaged(parts, staged)) {
    const { turns, part } = record;
    large ??= {
      head: record,
      places: [],
      digests: new TurnDigests(),
      calls: [],
      daily: [],
      hash: "",
      first: null,
    };
    const before = large.digests.lastSeq;
    const [first, last] = [seqOf(turns[0]?.id ?? 0), seqOf(turns.at(-1)?.id ?? 0)];
    if (first <= before || part?.all !== large.head.part?.all)
      return `Part ${part?.number} of the session does not continue the parts before it.`;
    if (hasErased(parts.db, turns))
      return "A call of the session was erased meanwhile. Send the session from its first part.";
    large.places.push({ first_seq: first, last_seq: last });
    for (const turn of turns) {
      large.digests.add(turn);
      const id = turn.extra.call?.id;
      if (id !== undefined) large.calls.push([id, seqOf(turn.id)]);
    }
    const { assistant } = large.head;
    for (let at = 0; at < turns.length; at += COUNTED_TOGETHER) {
      const next = turns.slice(at, at + COUNTED_TOGETHER);
      const counts = next.map((turn) => countsOfTurn(turn, assistant));
      large.daily = summed([...large.daily, ...counts]);
    }
    large.head.accessed_at = Math.max(large.head.accessed_at, record.accessed_at);
    hash.update(partHash(record));
    // All but the head of the first goes.
    record.turns = [];
    record.frames = {};
  }
  if (!large) return "The parts of the session are gone. Send it again.";
  const { digests } = large;
  const { user_facts = [] } = large.head;
  if (!user_facts.every(({ seq }) => seq === undefined || digests.hasSeq(seq)))
    return "user_facts take the seq of a turn of their session.";
  return { ...large, hash: hash.digest("hex") };
}

/** Whether turns have words of calls that were erased since the part came. */
const hasErased = (db: Database, turns: readonly Turn[]): boolean =>
  withoutErasedCalls(db, turns).some((turn, index) => {
    const there = turns[index];
    return there !== turn && there !== undefined && contentOfTurn(there) !== contentOfTurn(turn);
  });

/** sha256 of what a part says, whatever key its session has. */
export function partHash(record: SessionRecord): string {
  const { turns, ...head } = record;
  const { user_facts, part, session_id } = underKey({ ...head, turns: [] }, 1);
  const hash = nodeCrypto()
    .createHash("sha256")
    .update(JSON.stringify([session_id, part, user_facts]));
  for (const turn of turns) hash.update(sha256(contentOfTurn(turn)));
  return hash.digest("hex");
}

/** How the session is written: as an archived one, whose segments are there. */
export function largeIncoming(
  parts: LargeParts,
  staged: StagedSession,
  { head, digests, places, calls, daily, first }: LargeSession,
): Incoming {
  const { turns: _turns, part: _part, frames: _frames, ...own } = head;
  return {
    head: own,
    turns: digests.length,
    isAt: (place, there) => digests.isAt(place, there),
    asksAt: (place, there) => digests.asksAt(place, there),
    seqAt: (place) => digests.seqAt(place),
    insert: (record, by) => {
      const { db, counters } = parts;
      counters.changing();
      const segments = takeStaged(db, staged, first);
      const at = (index: number) => segments[index]?.id as number;
      const { key, isOwn } = insertArchivedRecord(parts, record, {
        turns: digests.length,
        segment: at(0),
        member: 0,
        parts: places.map((place, index) => ({ ...place, segment: at(index) })),
      });
      for (const [id, seq] of calls) putCall(db, id, turnId(key, seq));
      const isCounted = takeExpired(db, key) || (flagsOfRecord(record) & JOURNAL) !== 0;
      if (!isCounted) tallyFound(db, daily);
      const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
      counters.archivesChanged(isOwn ? 1 : 0, bytes);
      parts.sessionWritten(record.accessed_at);
      const last = digests.lastSeq;
      if (by !== null) markTurns(db, key, [{ first: 1, last, import: by }], by);
      return key;
    },
    // Its turns come part by part: see `mergeParts`.
    merge: () => ({ done: "merged", turns: 0 }),
  };
}
