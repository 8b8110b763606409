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

/** A comment this often keeps proxies from closing a stream in which the model is still thinking. */
const KEEP_ALIVE_MS = 15 * SECOND_MS;
/** How long an answer goes on when its reader has gone: mostly long enough to keep it whole. */
const UNREAD_MS = 20 * SECOND_MS;

export type Send<T> = (...events: T[]) => Promise<void>;

interface Shape<T> {
  /** An event as it is written. */
  message: (event: T) => SSEMessage;
  /** The event that says that something went wrong. @param last - what was told before it */
  wrong: (error: ApiError, last: T | undefined) => T;
}

/** Server-Sent Events; whatever goes wrong on the way is one, too. */
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
    // One after the other, though not everybody waits.
    const send: Send<T> = (...events) => {
      last = events.at(-1) ?? last;
      sent = sent.then(() => write(events));
      return sent;
    };
    const keepAlive = setInterval(() => void stream.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
    try {
      await work(send, stream);
    } catch (error) {
      await send(wrong(asApiError(error), last));
    } finally {
      clearInterval(keepAlive);
    }
  });
}

/** Answers an open response while it is told, and for a while when nobody is told any more. */
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
  // Also where the reader stalls: what is sent to it may never be taken.
  c.executionCtx.waitUntil(answer.catch(() => undefined));
  return answer;
}

/** Likewise where nothing is told before its end. A client that goes away loses nothing. */
export function answerWhole(c: AppContext, open: OpenResponse): Promise<Turn> {
  const background = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const answer = open.finish({ now: requestTime(c), background });
  c.executionCtx.waitUntil(answer.catch(() => undefined));
  return answer;
}
