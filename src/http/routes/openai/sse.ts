import { streamSSE } from "hono/streaming";
import type { SSEMessage, SSEStreamingApi } from "hono/streaming";

import { requestTime } from "../../context.ts";
import type { AppContext } from "../../context.ts";
import { asApiError } from "../../problem.ts";
import type { ApiError } from "../../../shared/errors.ts";
import type { Piece } from "../../../openai/responses/response-pieces.ts";
import { SECOND_MS } from "../../../shared/time.ts";
import type { OpenResponse } from "../../../turn/respond.ts";
import type { Turn } from "../../../shared/turn.ts";

/** Interval of comments in a stream, in ms: proxies close a silent one while the model still works. */
const KEEP_ALIVE_MS = 15 * SECOND_MS;
/** How long an answer continues after its reader has left, in ms: mostly enough to store all of it. */
const UNREAD_MS = 20 * SECOND_MS;

export type Send<T> = (...events: T[]) => Promise<void>;

interface Shape<T> {
  /** An event as it is written. */
  message: (event: T) => SSEMessage;
  /** The events that an error ends the stream with. @param last - the event before them */
  wrong: (error: ApiError, last: T | undefined) => T[];
}

/** Server-Sent Events. An error on the way is an event, too. */
export function tell<T>(
  c: AppContext,
  { message, wrong }: Shape<T>,
  work: (send: Send<T>, stream: SSEStreamingApi) => Promise<void>,
): Response {
  return streamSSE(c, async (stream) => {
    let last: T | undefined;
    let sent = Promise.resolve();
    const write = async (events: T[]) => {
      for (const event of events) await stream.writeSSE(message(event));
    };
    // Writes keep their order, also where a sender does not wait.
    const send: Send<T> = (...events) => {
      last = events.at(-1) ?? last;
      sent = sent.then(() => write(events));
      return sent;
    };
    const keepAlive = setInterval(() => void stream.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
    try {
      await work(send, stream);
    } catch (error) {
      await send(...wrong(asApiError(error), last));
    } finally {
      clearInterval(keepAlive);
    }
  });
}

/** Answers an open response while it is streamed, and for {@link UNREAD_MS} after its client has left. */
export function answerTold(
  c: AppContext,
  open: OpenResponse,
  onPiece: (piece: Piece) => void,
): Promise<Turn> {
  const gaveUp = new AbortController();
  const unread = () => setTimeout(() => gaveUp.abort(), UNREAD_MS);
  const { signal } = c.req.raw;
  if (signal.aborted) unread();
  signal.addEventListener("abort", unread, { once: true });
  const answer = open.finish({
    now: requestTime(c),
    signal: gaveUp.signal,
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
