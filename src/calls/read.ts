import type { Archivist } from "../archive/archivist.ts";
import { ApiError } from "../errors.ts";
import { keyOf } from "../ids.ts";
import { findCall } from "../store/calls.ts";
import type { Database } from "../store/database.ts";
import type { Frames } from "../store/frames.ts";
import { readerOf } from "../store/messages.ts";
import type { TurnReader } from "../store/messages.ts";
import { sessionByKey } from "../store/sessions.ts";
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
  const { db, turns, frames, archivist } = parts;
  const turnId = findCall(db, callId);
  const session = turnId === null ? null : sessionByKey(db, keyOf(turnId));
  if (turnId === null || !session) throw callNotFound();
  const archived = session.segment === null ? null : await archivist.read(session);
  const read: TurnReader = archived
    ? readerOf(archived.turns)
    : (order, from, limit) => turns.list(session.key, { order, from, limit });
  const found = archived ? archived.turns.find(({ id }) => id === turnId) : turns.get(turnId);
  if (!found) throw callNotFound();
  const turn: Turn = settledView(found, now);
  const { frame } = turn;
  const textOf = (id: number) =>
    archived ? (archived.frames?.[id] ?? null) : frames.text(session.key, id);
  return {
    call: callOf(turn, session.session_id),
    events: eventsOf(turn, frame === undefined ? null : textOf(frame), read),
    policy_events: turn.extra.policy?.events ?? [],
  };
}

const callNotFound = (): ApiError =>
  new ApiError("call_not_found", "There is no call with this id.");
