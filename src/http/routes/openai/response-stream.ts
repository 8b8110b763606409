import type { AppContext } from "../../context.ts";
import { openAiError } from "../../problem.ts";
import type { ApiError } from "../../../shared/errors.ts";
import { allEvents, eventsOf } from "../../../openai/responses/events.ts";
import type { ResponseEvent } from "../../../openai/responses/events.ts";
import { outputOf, responseOf } from "../../../openai/responses/response.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { OpenResponse } from "../../../turn/respond.ts";
import { followTurn } from "../../follow-turn.ts";
import { answerTold, tell } from "./sse.ts";
import type { RouteRequest } from "../../route.ts";
import type { StreamSlot } from "../../stream-slots.ts";

/** Answers an open response while its events are told as they come. */
export const streamResponse = (c: AppContext, slot: StreamSlot, open: OpenResponse): Response =>
  tell<Event>(c, slot, asEvents, async (send) => {
    const events = eventsOf(open.turn, open.session_id);
    if (open.turn.status !== "in_progress")
      return send(...allEvents(open.turn, open.session_id, events), DONE);
    send(...events.begin());
    const turn = await answerTold(c, open, (piece) => send(...events.add(piece)));
    send(...events.end(responseOf(turn, open.session_id), outputOf(turn)), DONE);
  });

/**
 * The events of a response that another request makes, or made: first those that there are, then the others as they come.
 *
 * @param after - number of the last event that the client has; -1 for none
 */
export async function tailResponse(
  { c, call, now }: Pick<RouteRequest<never, unknown, unknown>, "c" | "call" | "now">,
  slot: StreamSlot,
  turnId: number,
  after: number,
): Promise<Response> {
  // A refusal comes before the stream begins.
  const { turn: begun, session_id } = await call((account, caller) =>
    account.responses.get(caller, turnId, now),
  );
  return tell<Event>(c, slot, asEvents, async (send, stream) => {
    for await (const all of followResponse(call, begun, session_id, () => stream.isGone)) {
      send(...all.filter(({ sequence_number }) => sequence_number > after));
      // A slow reader gets the next pieces when it has taken these.
      await stream.taken();
    }
    send(DONE);
  });
}

/** The events of a response that another request makes, as they come. */
export async function* followResponse(
  call: RouteRequest<never, unknown, unknown>["call"],
  begun: Turn,
  sessionId: string | null,
  isGone: () => boolean,
): AsyncGenerator<ResponseEvent[], void> {
  const events = eventsOf(begun, sessionId);
  yield events.begin();
  for await (const { turn, pieces, isOver } of followTurn(call, begun.id, isGone)) {
    yield pieces.flatMap((piece) => events.add(piece));
    if (isOver) yield events.end(responseOf(turn, sessionId), outputOf(turn));
  }
}

/** After the last event. Source: Open Responses 2026-04-24, "Streaming". */
const DONE = "[DONE]";
type Event = ResponseEvent | typeof DONE;

/** The error has the next number: a client that counts events misses none. */
const asEvents = {
  message: (event: Event) =>
    event === DONE ? { data: DONE } : { event: event.type, data: JSON.stringify(event) },
  wrong: (error: ApiError, last: Event | undefined): Event[] => {
    const wrong = openAiError(error);
    const number = typeof last === "object" ? last.sequence_number : -1;
    return [{ ...wrong, type: "error", sequence_number: number + 1, error: wrong }, DONE];
  },
};
