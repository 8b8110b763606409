import { patched, stateOf } from "../store/sessions/session-state.ts";
import { findDetails, findSession } from "../store/sessions/sessions.ts";
import type { Assistants } from "../store/account/assistants.ts";
import { checkDetails, notReached, prepareTurn } from "./prepare-turn.ts";
import { findPrevious } from "./previous-turn.ts";
import type { PreviousTurnParts } from "./previous-turn.ts";
import type { BeginRequest, TurnPreview } from "./turn-contract.ts";

/**
 * Shows what a turn that began now would show the model. Stores nothing, and waits in no queue.
 *
 * @throws ApiError as a begin does
 */
export async function previewTurn(
  parts: PreviousTurnParts & { assistants: Assistants },
  request: BeginRequest,
  now: number,
): Promise<TurnPreview> {
  const { db } = parts;
  const { session_id, previous_turn_id, caller } = request;
  const find = () => (session_id === undefined ? null : findSession(db, session_id));
  let session =
    previous_turn_id === undefined
      ? find()
      : await findPrevious(parts, previous_turn_id, caller ?? null, now);
  if (session && session.segment !== null) {
    await parts.restore(session.session_id, now);
    session = find();
  }
  if (!session && request.must_exist) throw notReached(request);
  const details = session && findDetails(db, session.key);
  if (session) checkDetails(db, session, details, request);
  // Turns after the previous one are of another branch.
  const { assistant, input, models, system, remembered, window, policed } = prepareTurn(
    parts,
    { ...request, until: previous_turn_id },
    { session, details, retryOf: null },
    now,
  );
  return {
    assistant: assistant.name,
    input,
    window: [system, remembered, ...window.messages].filter((each) => each !== null),
    models,
    ...(assistant.responder && {
      responder: { name: assistant.responder, state: patched(stateOf(details), "{}") },
    }),
    ...(policed && { policed }),
  };
}
