import { requestTime } from "../../context.ts";
import type { AppContext } from "../../context.ts";
import { answerWithEvents, signalOfReader } from "../../event-stream.ts";
import type { EventStream } from "../../event-stream.ts";
import { asApiError } from "../../problem.ts";
import type { StreamSlot } from "../../stream-slots.ts";
import type { ApiError } from "../../../shared/errors.ts";
import type { Piece } from "../../../openai/responses/response-pieces.ts";
import type { OpenResponse } from "../../../turn/respond.ts";
import type { Turn } from "../../../shared/turn.ts";

export type Send<T> = (...events: T[]) => void;

interface Shape<T> {
  /** An event's name, if it has one, and its data. */
  message: (event: T) => { event?: string; data: string };
  /** The events that an error ends the stream with. @param last - the event before them */
  wrong: (error: ApiError, last: T | undefined) => T[];
}

/** Server-Sent Events. An error on the way is an event, too. */
export const tell = <T>(
  c: AppContext,
  slot: StreamSlot,
  { message, wrong }: Shape<T>,
  work: (send: Send<T>, stream: EventStream) => Promise<void>,
): Response =>
  answerWithEvents(c, slot, async (stream) => {
    let last: T | undefined;
    const send: Send<T> = (...events) => {
      let text = "";
      for (const each of events) {
        const { event, data } = message(each);
        text += event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
        last = each;
      }
      stream.send(text);
    };
    try {
      await work(send, stream);
    } catch (error) {
      send(...wrong(asApiError(error), last));
    }
  });

/** Answers an open response while it is streamed, and for a while after its client has left. */
export function answerTold(
  c: AppContext,
  open: OpenResponse,
  onPiece: (piece: Piece) => void,
): Promise<Turn> {
  const answer = open.finish({
    now: requestTime(c),
    signal: signalOfReader(c),
    onPiece,
    background: (work) => c.executionCtx.waitUntil(work),
  });
  // A reader that stalls may never take what is sent: the answer does not wait for it.
  c.executionCtx.waitUntil(answer.catch(() => undefined));
  return answer;
}

/** Answers an open response at once. Without its client, too, the answer is stored. */
export function answerWhole(c: AppContext, open: OpenResponse): Promise<Turn> {
  const background = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const answer = open.finish({ now: requestTime(c), background });
  c.executionCtx.waitUntil(answer.catch(() => undefined));
  return answer;
}
