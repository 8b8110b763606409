import { streamSSE } from "hono/streaming";
import type { SSEStreamingApi } from "hono/streaming";

import { nowIn } from "../../edge/context.ts";
import type { AppContext } from "../../edge/context.ts";
import { asApiError, openAiError } from "../../edge/problem.ts";
import { onAccount } from "../../objects/reach.ts";
import { allOf, eventsOf } from "../../responses/events.ts";
import type { ResponseEvent } from "../../responses/events.ts";
import { piecesOf } from "../../responses/pieces.ts";
import { outputOf, responseOf } from "../../responses/response.ts";
import type { Principal } from "../../store/principal.ts";
import { SECOND_MS } from "../../time.ts";
import type { OpenResponse } from "../../turn/respond.ts";

/** A comment this often keeps proxies from closing a stream in which the model is still thinking. */
const KEEP_ALIVE_MS = 15 * SECOND_MS;
/** How long an answer goes on when its reader has gone: mostly long enough to keep it whole. */
const UNREAD_MS = 20 * SECOND_MS;

/** Answers an open response while its events are told as they come. */
export function streamResponse(c: AppContext, open: OpenResponse): Response {
  const gaveUp = new AbortController();
  const now = nowIn(c);
  return tell(c, async (send) => {
    const unread = () => setTimeout(() => gaveUp.abort(), UNREAD_MS);
    const { signal } = c.req.raw;
    if (signal.aborted) unread();
    signal.addEventListener("abort", unread, { once: true });
    const events = eventsOf(open.turn, open.session_id);
    if (open.turn.status !== "in_progress")
      return send(...allOf(open.turn, open.session_id, events));
    const background = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    void send(...events.begin());
    const answer = open.finish({
      now,
      signal: gaveUp.signal,
      onPiece: (piece) => void send(...events.add(piece)),
      background,
    });
    // Also where the reader stalls: what is sent to it may never be taken.
    c.executionCtx.waitUntil(answer.catch(() => undefined));
    const turn = await answer;
    return send(...events.end(responseOf(turn, open.session_id), outputOf(turn)));
  });
}

/**
 * The events of a response that is, or was, made elsewhere: those there are, then the others as they come.
 *
 * @param after - the number of the last event that its reader has; -1 for none
 */
export async function tailResponse(
  c: AppContext,
  accountId: string,
  principal: Principal | null,
  turnId: number,
  after: number,
): Promise<Response> {
  const look = (from: number) =>
    onAccount(c.env, accountId, (account) => account.follow(principal, turnId, from));
  // What is refused is refused before there is a stream.
  const { turn: begun, session_id } = await onAccount(c.env, accountId, (account) =>
    account.response(principal, turnId, nowIn(c)),
  );
  return tell(c, async (send, stream) => {
    const events = eventsOf(begun, session_id);
    const sendNew = (all: ResponseEvent[]) =>
      send(...all.filter(({ sequence_number }) => sequence_number > after));
    await sendNew(events.begin());
    let told = 0;
    while (!stream.aborted && !stream.closed) {
      const { turn, pieces } = await look(told);
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

type Send = (...events: ResponseEvent[]) => Promise<void>;

/** Server-Sent Events; whatever goes wrong on the way is one, too. */
function tell(
  c: AppContext,
  work: (send: Send, stream: SSEStreamingApi) => Promise<void>,
): Response {
  return streamSSE(c, async (stream) => {
    let next = 0;
    let sent = Promise.resolve();
    const write = async (events: ResponseEvent[]) => {
      for (const event of events)
        await stream.writeSSE({ event: event.type, data: JSON.stringify(event) });
    };
    // One after the other, though not everybody waits.
    const send: Send = (...events) => {
      next = (events.at(-1)?.sequence_number ?? next - 1) + 1;
      sent = sent.then(() => write(events));
      return sent;
    };
    const keepAlive = setInterval(() => void stream.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
    try {
      await work(send, stream);
    } catch (error) {
      const wrong = openAiError(asApiError(error));
      await send({ ...wrong, type: "error", sequence_number: next, error: wrong });
    } finally {
      clearInterval(keepAlive);
    }
  });
}
