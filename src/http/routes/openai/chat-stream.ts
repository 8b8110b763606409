import { CompletionChunks, allChunks } from "../../../openai/completions/chunks.ts";
import type { CompletionChunk } from "../../../openai/completions/chunks.ts";
import type { AppContext } from "../../context.ts";
import { openAiError } from "../../problem.ts";
import type { StreamSlot } from "../../stream-slots.ts";
import type { ApiError } from "../../../shared/errors.ts";
import { checkAnswered } from "../../../turn/respond.ts";
import type { OpenResponse } from "../../../turn/respond.ts";
import { answerTold, tell } from "./sse.ts";

/** After the last chunk. Source: the OpenAI API. */
const DONE = "[DONE]";

type Event = CompletionChunk | { error: ReturnType<typeof openAiError> } | typeof DONE;

const asData = {
  message: (event: Event) => ({ data: event === DONE ? event : JSON.stringify(event) }),
  wrong: (error: ApiError): Event[] => [{ error: openAiError(error) }],
};

/** Answers an open completion while its chunks are told as they come. */
export const streamCompletion = (
  c: AppContext,
  slot: StreamSlot,
  open: OpenResponse,
  id: string,
  includesUsage: boolean,
): Response =>
  tell<Event>(c, slot, asData, async (send) => {
    const chunks = new CompletionChunks(open.turn, id, includesUsage);
    if (open.turn.status !== "in_progress") return send(...allChunks(open.turn, chunks), DONE);
    send(...chunks.begin());
    const turn = await answerTold(c, open, (piece) => send(...chunks.add(piece)));
    checkAnswered(turn, open.session_id !== null);
    send(...chunks.end(turn), DONE);
  });
