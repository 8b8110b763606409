import type { AppContext } from "../../context.ts";
import { openAiError } from "../../problem.ts";
import type { ApiError } from "../../../shared/errors.ts";
import { allEvents, eventsOf } from "../../../openai/responses/events.ts";
import type { ResponseEvent } from "../../../openai/responses/events.ts";
import { piecesOf } from "../../../openai/responses/response-pieces.ts";
import { outputOf, responseOf } from "../../../openai/responses/response.ts";
import type { OpenResponse } from "../../../turn/respond.ts";
import { answerTold, tell } from "./sse.ts";
import type { RouteRequest } from "../../route.ts";

/** Answers an open response while its events are told as they come. */
export const streamResponse = (c: AppContext, open: OpenResponse): Response =>
  tell(c, asEvents, async (send) => {
    const events = eventsOf(open.turn, open.session_id);
    if (open.turn.status !== "in_progress")
      return send(...allEvents(open.turn, open.session_id, events));
    void send(...events.begin());
    const turn = await answerTold(c, open, (piece) => void send(...events.add(piece)));
    return send(...events.end(responseOf(turn, open.session_id), outputOf(turn)));
  });

/**
 * The events of a response that another request makes, or made: first those that there are, then the others as they come.
 *
 * @param after - number of the last event that the client has; -1 for none
 */
export async function tailResponse(
  { c, call, now }: Pick<RouteRequest<never, unknown, unknown>, "c" | "call" | "now">,
  turnId: number,
  after: number,
): Promise<Response> {
  const follow = (from: number) =>
    call((account, caller) => account.responses.follow(caller, turnId, from));
  // A refusal comes before the stream begins.
  const { turn: begun, session_id } = await call((account, caller) =>
    account.responses.get(caller, turnId, now),
  );
  return tell(c, asEvents, async (send, stream) => {
    const events = eventsOf(begun, session_id);
    const sendNew = (all: ResponseEvent[]) =>
      send(...all.filter(({ sequence_number }) => sequence_number > after));
    await sendNew(events.begin());
    let told = 0;
    while (!stream.aborted && !stream.closed) {
      const { turn, pieces } = await follow(told);
      const isOver = turn.status !== "in_progress";
      const output = isOver ? outputOf(turn) : [];
      const rest = isOver
        ? piecesOf(output, turn.extra.response?.pieces ?? []).slice(told)
        : pieces;
      told += rest.length;
      await sendNew(rest.flatMap((piece) => events.add(piece)));
      if (isOver) return sendNew(events.end(responseOf(turn, session_id), output));
    }
  });
}

/** The error has the next number: a client that counts events misses none. */
const asEvents = {
  message: (event: ResponseEvent) => ({ event: event.type, data: JSON.stringify(event) }),
  wrong: (error: ApiError, last: ResponseEvent | undefined): ResponseEvent => {
    const wrong = openAiError(error);
    return {
      ...wrong,
      type: "error",
      sequence_number: (last?.sequence_number ?? -1) + 1,
      error: wrong,
    };
  },
};
