import { nodeCrypto } from "../../../shared/node-modules.ts";
import { callId, parseCallId, seqOf, turnId } from "../../../shared/ids.ts";
import { readValue, writeValue } from "../../store/account/account-values.ts";
import { hasErasedCalls, isCallErased, putCall } from "../../store/calls/calls.ts";
import { emptied } from "../../../shared/erased-turn.ts";
import { encodeDetails } from "../../store/sessions/sessions.ts";
import type { SystemPrompts } from "../../store/turns/system-prompts.ts";
import type { Counters } from "../../store/usage/counters.ts";
import { tally, tallyLateTurns } from "../../store/usage/roll-up.ts";
import { asFormer, noteBack } from "../../store/erasure/former-sessions.ts";
import { takeExpired } from "../../store/retention/expired-sessions.ts";
import type { Database } from "../../../sqlite/database.ts";
import type { SessionKeys } from "../../store/sessions/session-keys.ts";
import {
  afterTurnsOf,
  firstTurnOf,
  insertSession,
  putDetails,
} from "../../store/sessions/sessions.ts";
import type { DetailsRow } from "../../store/sessions/sessions.ts";
import { HELD, JOURNAL, PINNED, flagsOf, isFactBlock } from "../../store/sessions/session-flags.ts";
import { insertHeldVersions } from "../../store/sessions/held-versions.ts";
import { insertFacts } from "../../store/sessions/user-facts.ts";
import type { Turns } from "../../store/turns/turns.ts";
import { bringFrames } from "../format/frames.ts";
import { sessionLine } from "../format/record-lines.ts";
import type { SessionRecord } from "../format/record.ts";
import { messageCount } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";

export interface InsertParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  counters: Counters;
  sessionKeys: SessionKeys;
  /** Called in the transaction that writes a session's turns. */
  turnsWritten: (sessionKey: number) => void;
  /** Called in the transaction that writes a session. */
  sessionWritten: (accessedAt: number) => void;
}

/**
 * Writes a record as a live session, in a transaction. It keeps its key, and so its calls their ids, unless the record
 * has none (0) or another session uses the key. One that expired here keeps its user, too.
 *
 * @returns its key
 */
export function insertRecord(parts: InsertParts, record: SessionRecord): number {
  const { db, counters, sessionKeys } = parts;
  const own = asFormer(db, record);
  const key = sessionKeys.claim(own);
  noteBack(db, key);
  const flags = flagsOfRecord(record);
  const { session_id, created_at, accessed_at } = record;
  counters.changing();
  insertSession(db, { key, session_id, created_at, accessed_at, flags });
  putDetails(db, key, { ...recordColumns(own, key), ...missingIn(record.turns) });
  insertHeldVersions(db, key, record.versions ?? []);
  insertFacts(db, key, record.user_facts ?? []);
  const placed = record.turns.map((turn) => ({ ...turn, id: turnId(key, seqOf(turn.id)) }));
  const written = insertCalls(parts, placed);
  tallyBrought(db, key, accessed_at);
  bringFrames(parts.frames, key, record);
  parts.turnsWritten(key);
  parts.sessionWritten(accessed_at);
  const isJournal = (flags & JOURNAL) !== 0 && !isFactBlock(session_id);
  if (isJournal && readValue(db, "journal") === null) writeValue(db, "journal", key);
  counters.sessionAdded({ created_at, accessed_at, flags });
  counters.turnsChanged(
    written.length,
    written.map(messageCount).reduce((sum, count) => sum + count, 0),
  );
  return key;
}

/** In a transaction: writes turns, and the ids that their calls have elsewhere. @returns them as they are written */
export function insertCalls(
  { db, turns }: Pick<InsertParts, "db" | "turns">,
  brought: readonly Turn[],
): readonly Turn[] {
  const own = withoutErasedCalls(db, brought);
  turns.insertAll(own);
  for (const { id, extra } of own) if (extra.call?.id !== undefined) putCall(db, extra.call.id, id);
  return own;
}

/** In a transaction: all turns of a session came. One whose archive expired was counted when it was live. */
export function tallyBrought(db: Database, key: number, accessedAt: number): void {
  if (takeExpired(db, key)) tally(db, [key], accessedAt, -1);
  else tallyLateTurns(db, [firstTurnOf(key), afterTurnsOf(key)], 1);
}

/** The turns as they may come back. @param turns - under their session's key */
export const withoutErasedCalls = (db: Database, turns: readonly Turn[]): readonly Turn[] =>
  hasErasedCalls(db) ? turns.map((turn) => withoutErased(db, turn)) : turns;

/** An erased call does not come back with its session. */
const withoutErased = (db: Database, turn: Turn): Turn =>
  isCallErased(db, turn.extra.call?.id ?? callId(turn.id)) ? emptied(turn) : turn;

export const flagsOfRecord = ({
  session_id,
  pinned,
  hold,
}: Pick<SessionRecord, "session_id" | "pinned" | "hold">): number =>
  flagsOf(session_id) | (pinned ? PINNED : 0) | (hold === undefined ? 0 : HELD);

/** Turns keep their numbers, also where some between are gone. */
export function missingIn(turns: readonly Pick<Turn, "id">[]): Pick<DetailsRow, "missing"> | null {
  const last = turns.at(-1);
  const missing = last ? seqOf(last.id) - turns.length : 0;
  return missing === 0 ? null : { missing };
}

/** A record's columns of `session_details`; null where all are empty. */
export function recordColumns(record: Omit<SessionRecord, "turns">, key: number) {
  const { state, state_version, summary } = record;
  const covered = summary ? parseCallId(summary.turn) : null;
  return {
    ...encodeDetails(record),
    ...(record.hold !== undefined && { hold: record.hold }),
    ...(state && { state: JSON.stringify(state) }),
    ...(state_version !== undefined && { state_version }),
    ...(summary && { summary: summary.text, summary_turn: turnId(key, seqOf(covered ?? 0)) }),
  };
}

/** sha256 of what a record says: the same for the same session, whatever key it has. */
export function recordHash(record: SessionRecord): string {
  const turns = record.turns.map((turn) => JSON.stringify({ ...turn, id: seqOf(turn.id) }));
  return headHash(record, turns);
}

/** @param turns - as JSON, each with its seq as its id */
export function headHash(record: SessionRecord, turns: readonly string[]): string {
  const { turns: _, ...head } = underKey({ ...record, turns: [] }, 1);
  const hash = nodeCrypto().createHash("sha256");
  // Short ones together, as each call takes its time; a long one by itself, as it may be 20 MiB.
  let text = sessionLine(head, turns.length);
  for (const turn of turns) {
    const isLong = turn.length > HASHED_LENGTH;
    text += isLong ? "\n" : `\n${turn}`;
    if (text.length < HASHED_LENGTH && !isLong) continue;
    hash.update(text);
    text = "";
    if (isLong) hash.update(turn);
  }
  return hash.update(text).digest("hex");
}

/** Length of a text that is hashed in one call, in UTF-16 units. */
const HASHED_LENGTH = 64 * 1024;

/** A record as it would be under another key: what two are compared by. */
export function underKey(record: SessionRecord, key: number): SessionRecord {
  const { summary } = record;
  const covered = summary ? parseCallId(summary.turn) : null;
  return {
    ...record,
    key,
    ...(summary && {
      summary: { text: summary.text, turn: callId(turnId(key, seqOf(covered ?? 0))) },
    }),
    turns: record.turns.map((turn) => ({ ...turn, id: turnId(key, seqOf(turn.id)) })),
  };
}
