import { outputOf } from "../../../openai/responses/response.ts";
import { ApiError } from "../../../shared/errors.ts";
import { isVisible } from "../../../shared/turn.ts";
import type { Turn } from "../../../shared/turn.ts";
import { checkAnswered } from "../../../turn/respond.ts";
import { followTurn } from "../../follow-turn.ts";
import { problemOf } from "../../problem.ts";
import type { RouteRequest } from "../../route.ts";
import type { StreamSlot } from "../../stream-slots.ts";
import { tell } from "../openai/sse.ts";
import { newestTurns } from "./chat-place.ts";
import { earlierChunks } from "./earlier-chunks.ts";
import {
  answerIdOf,
  beginChunk,
  chunksOf,
  continuesAnswer,
  endChunks,
  messageIdIn,
} from "./turn-chunks.ts";
import type { UiChunk } from "./ui-chunks.ts";

/** Source: `UI_MESSAGE_STREAM_HEADERS` of `ai` 7. */
const HEADERS = { "x-vercel-ai-ui-message-stream": "v1", "x-accel-buffering": "no" };
const DONE = "[DONE]";

type Streaming = Pick<RouteRequest<never, unknown, unknown>, "c" | "call" | "now">;

/** Streams a turn's answer from its beginning, and goes on until it ends. @param before - chunks of earlier steps */
export function streamTurn(
  { c, call }: Streaming,
  slot: StreamSlot,
  begun: Turn,
  before: readonly UiChunk[] = [],
): Response {
  const asEvents = {
    message: (chunk: UiChunk | typeof DONE) => ({
      data: chunk === DONE ? DONE : JSON.stringify(chunk),
    }),
    // The same JSON as a refusal's body: a client reads both from its error's message.
    wrong: (error: ApiError) => [
      { type: "error" as const, errorText: JSON.stringify(problemOf(error, c.get("requestId"))) },
      DONE as typeof DONE,
    ],
  };
  const response = tell<UiChunk | typeof DONE>(c, slot, asEvents, async (send, stream) => {
    const chunks = chunksOf(begun);
    send(beginChunk(begun), ...before, { type: "start-step" });
    for await (const { turn, pieces, isOver } of followTurn(call, begun.id, () => stream.isGone)) {
      send(...pieces.flatMap((piece) => chunks.add(piece)));
      if (isOver) {
        send(...chunks.end(outputOf(turn)));
        checkEnded(turn);
        send(...endChunks(turn), DONE);
      }
      // A slow reader gets the next pieces when it has taken these.
      await stream.taken();
    }
  });
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  return response;
}

/** @throws ApiError for a turn without an answer */
function checkEnded(turn: Turn): void {
  if (turn.status === "failed" && turn.extra.error) checkAnswered(turn, true);
  if (turn.status === "failed" || turn.status === "abandoned")
    throw new ApiError(
      "model_failed",
      "The Worker stopped before the end of the answer. Send the message again.",
    );
}

/** The chunks of a message's steps before the turn that goes on with it. A client that resumes has none of them. */
export async function stepsBefore(request: Streaming, sessionId: string, begun: Turn) {
  if (!continuesAnswer(begun)) return [];
  const newest = await newestTurns(request, sessionId);
  const turns = newest.turns.filter(({ id }) => id < begun.id);
  const id = answerIdOf(begun);
  const from = turns.findLastIndex(
    (turn) => !continuesAnswer(turn) || (messageIdIn(turn) ?? id) !== id,
  );
  return from === -1 ? [] : earlierChunks([...turns.slice(from).filter(isVisible), begun]);
}
