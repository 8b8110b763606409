import { keyOf } from "../../shared/ids.ts";
import { readWhereItLies } from "../store/archive/read-where-it-lies.ts";
import { patched, stateOf } from "../store/sessions/session-state.ts";
import { findDetails, findSession } from "../store/sessions/sessions.ts";
import type { Assistants } from "../store/account/assistants.ts";
import type { TurnReader } from "./read-messages.ts";
import { checkDetails, notReached, prepareTurn } from "./prepare-turn.ts";
import type { WindowTurns } from "./prepare-turn.ts";
import { readPrevious } from "./previous-turn.ts";
import type { PreviousTurnParts } from "./previous-turn.ts";
import type { BeginRequest, TurnPreview } from "./turn-contract.ts";

/**
 * Shows what a turn that began now would show the model. Stores nothing, and waits in no queue. An archived session is read
 * in its archive, and stays there: a preview takes no room of a full account.
 *
 * @throws ApiError as a begin does
 */
export async function previewTurn(
  parts: PreviewParts,
  request: BeginRequest,
  now: number,
): Promise<TurnPreview> {
  const { db } = parts;
  const { session_id, previous_turn_id } = request;
  const named = session_id === undefined ? null : (findSession(db, session_id)?.key ?? null);
  const key = previous_turn_id === undefined ? named : keyOf(previous_turn_id);
  return readWhereItLies(db, key, () => readPreview(parts, request, now));
}

type PreviewParts = Omit<PreviousTurnParts, "restore"> & { assistants: Assistants };

async function readPreview(
  parts: PreviewParts,
  request: BeginRequest,
  now: number,
): Promise<TurnPreview> {
  const { db } = parts;
  const { session_id, previous_turn_id, caller } = request;
  const find = () => (session_id === undefined ? null : findSession(db, session_id));
  const session =
    previous_turn_id === undefined
      ? find()
      : await readPrevious(parts, previous_turn_id, caller ?? null);
  if (!session && request.must_exist) throw notReached(request);
  const details = session && findDetails(db, session.key);
  if (session) checkDetails(db, session, details, request);
  const prepared = (turns: WindowTurns) =>
    prepareTurn(
      { ...parts, turns },
      // Turns after the previous one are of another branch.
      { ...request, until: previous_turn_id },
      { session, details, retryOf: null },
      now,
    );
  const archive = session && session.segment !== null ? parts.archiveOf(session) : null;
  const { assistant, input, models, system, remembered, window, policed } = archive
    ? await archive.reading((read) => prepared(archivedTurns(read)))
    : prepared(parts.turns);
  const state = async () =>
    archive ? JSON.stringify((await archive.head()).state ?? {}) : stateOf(details).json;
  return {
    assistant: assistant.name,
    input,
    window: [system, remembered, ...window.messages].filter((each) => each !== null),
    models,
    ...(assistant.responder && {
      responder: {
        name: assistant.responder,
        state: patched({ ...stateOf(details), json: await state() }, "{}"),
      },
    }),
    ...(policed && { policed }),
  };
}

const archivedTurns = (read: TurnReader): WindowTurns => ({
  newest: (_key, limit, from) => read("desc", from, limit),
  list: (_key, { order, from = null, limit }) => read(order, from, limit),
});
