import type { Archivist } from "../archive/archivist.ts";
import { frameReader } from "../archive/frames.ts";
import type { SessionRecord } from "../archive/record.ts";
import { locateCall } from "../store/calls.ts";
import type { Database } from "../store/database.ts";
import type { Frames } from "../store/frames.ts";
import { readerOf } from "../store/messages.ts";
import type { TurnReader } from "../store/messages.ts";
import { callNotFound } from "../store/refusals.ts";
import type { SessionRow } from "../store/sessions.ts";
import { settledView } from "../store/turns.ts";
import type { PolicyEvent } from "../policies/policy.ts";
import type { Turn, Turns } from "../store/turns.ts";
import { callOf, eventsOf } from "./call.ts";
import type { Call, CallEvent } from "./call.ts";

export interface ReadParts {
  db: Database;
  turns: Turns;
  frames: Frames;
  archivist: Archivist;
}

export interface ReadCall {
  call: Call;
  events: CallEvent[];
  policy_events: PolicyEvent[];
}

/**
 * One call with all that is known of it; that of an archived session is read where it lies.
 *
 * @throws ApiError `call_not_found`
 */
export async function readCall(parts: ReadParts, callId: string, now: number): Promise<ReadCall> {
  const { turns, frames } = parts;
  const { session, archived, turn: found } = await readTurn(parts, callId);
  const read: TurnReader = archived
    ? readerOf(archived.turns)
    : (order, from, limit) => turns.list(session.key, { order, from, limit });
  const turn = settledView(found, now);
  const { frame } = turn;
  const textOf = frameReader(frames, session.key, archived);
  return {
    call: callOf(turn, session.session_id),
    events: eventsOf(turn, frame === undefined ? null : textOf(frame), read),
    policy_events: turn.extra.policy?.events ?? [],
  };
}

/** A call's turn as it lies in SQLite or in R2. @throws ApiError `call_not_found` */
export async function readTurn(
  { db, turns, archivist }: Pick<ReadParts, "db" | "turns" | "archivist">,
  callId: string,
): Promise<{ session: SessionRow; archived: SessionRecord | null; turn: Turn }> {
  const { id, session } = locateCall(db, callId);
  const archived = session.segment === null ? null : await archivist.read(session);
  const turn = archived ? archived.turns.find((each) => each.id === id) : turns.get(id);
  if (!turn) throw callNotFound();
  return { session, archived, turn };
}
