import type { ArchivedTurns } from "../archive/sessions/archived-turns.ts";
import type { Archivist } from "../archive/sessions/archivist.ts";
import { frameReader } from "../archive/format/frames.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { readWhereItLies } from "../store/archive/read-where-it-lies.ts";
import { locateCall, sessionOfCall } from "../store/calls/calls.ts";
import type { Database } from "../../sqlite/database.ts";
import type { SystemPrompts } from "../store/turns/system-prompts.ts";
import type { TurnReader } from "../conversation/read-messages.ts";
import { callNotFound } from "../../shared/not-found-errors.ts";
import { findDetails } from "../store/sessions/sessions.ts";
import type { SessionRow } from "../store/sessions/sessions.ts";
import { settledTurn } from "../store/turns/stream-pieces.ts";
import type { Turns } from "../store/turns/turns.ts";
import { eventsOf, writtenCallOf } from "./call.ts";
import type { Call, CallEvent } from "./call.ts";
import type { PolicyEvent } from "../../shared/policy-record.ts";
import type { Turn } from "../../shared/turn.ts";

export interface ReadParts {
  db: Database;
  turns: Turns;
  frames: SystemPrompts;
  archivist: Archivist;
}

export interface ReadCall {
  call: Call;
  events: CallEvent[];
  policy_events: PolicyEvent[];
}

/** With its turn, which crosses no RPC. */
export type WholeCall = ReadCall & { turn: Turn };

/**
 * One call with all that is known of it; that of an archived session is read where it lies.
 *
 * @throws ApiError `call_not_found`
 */
export async function readCall(parts: ReadParts, callId: string, now: number): Promise<ReadCall> {
  const { turn: _turn, ...read } = await readWholeCall(parts, callId, now);
  return read;
}

/** {@link readCall} */
export const readWholeCall = (parts: ReadParts, callId: string, now: number): Promise<WholeCall> =>
  readWhereItLies(parts.db, sessionOfCall(parts.db, callId), () =>
    readAllOfCall(parts, callId, now),
  );

async function readAllOfCall(parts: ReadParts, callId: string, now: number): Promise<WholeCall> {
  const { db, turns, frames } = parts;
  const { session, archived, record, turn: found } = await readTurn(parts, callId);
  const turn = settledTurn(db, found, now);
  const { frame } = turn;
  const textOf = frameReader(frames, session.key, record);
  const system = frame === undefined ? null : textOf(frame);
  const events = (read: TurnReader) => eventsOf(turn, system, read);
  return {
    call: writtenCallOf(turn, session.session_id, findDetails(db, session.key)?.user_id ?? null),
    events: archived
      ? await archived.reading(events)
      : events((order, from, limit) => turns.list(session.key, { order, from, limit })),
    policy_events: turn.extra.policy?.events ?? [],
    turn,
  };
}

interface TurnOfCall {
  session: SessionRow;
  archived: ArchivedTurns | null;
  /** The part of the archive that holds it. */
  record: SessionRecord | null;
  turn: Turn;
}

/** A call's turn as it lies in SQLite or in R2. @throws ApiError `call_not_found` */
export const readTurn = (
  parts: Pick<ReadParts, "db" | "turns" | "archivist">,
  callId: string,
): Promise<TurnOfCall> =>
  readWhereItLies(parts.db, sessionOfCall(parts.db, callId), () => readTurnOf(parts, callId));

async function readTurnOf(
  { db, turns, archivist }: Pick<ReadParts, "db" | "turns" | "archivist">,
  callId: string,
): Promise<TurnOfCall> {
  const { id, session } = locateCall(db, callId);
  const archived = session.segment === null ? null : archivist.turnsOf(session);
  const record = archived && (await archived.partWith(id));
  const turn = archived ? record?.turns.find((each) => each.id === id) : turns.get(id);
  if (!turn) throw callNotFound();
  return { session, archived, record, turn };
}
