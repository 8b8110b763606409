import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";

import type { Config } from "../config.ts";
import { authorise } from "../edge/account.ts";
import { configIn, nowIn } from "../edge/context.ts";
import type { AppContext, AppEnv } from "../edge/context.ts";
import { idempotencyIn } from "../edge/idempotency.ts";
import { asApiError, problemOf } from "../edge/problem.ts";
import {
  accountNames,
  checkMessageSize,
  id,
  invalid,
  message,
  metadata,
  readBody,
} from "../edge/validate.ts";
import { ApiError } from "../errors.ts";
import { SECOND_MS } from "../time.ts";
import { ask } from "../turn/ask.ts";
import type { AskRequest } from "../turn/ask.ts";

/** A comment this often keeps proxies from closing a stream in which the model is still thinking. */
const KEEP_ALIVE_MS = 15 * SECOND_MS;
/** How long an answer goes on when its reader has gone: mostly long enough to keep it whole. */
const UNREAD_MS = 20 * SECOND_MS;

const body = z.strictObject({
  query: message,
  ...accountNames,
  session_id: id.optional(),
  user_id: id.optional(),
  metadata: metadata.optional(),
  stream: z.boolean({ error: "takes true or false" }).optional(),
  model: z.string({ error: "takes the name of a model" }).optional(),
  on_busy: z.enum(["queue", "reject"], { error: 'takes "queue" or "reject"' }).default("queue"),
});

export const query = new Hono<AppEnv>().post("/", async (c) => {
  const { stream, accountId, account_id, ...request } = await readBody(c, body);
  const config = configIn(c);
  checkMessageSize(request.query, "query");
  checkModel(config, request.model);
  const access = authorise(c, "query", { accountId, account_id });
  const own = { ...request, user_id: userOf(access.principal?.user_id, request.user_id) };
  const idempotency = idempotencyIn(c, own);
  const asked: AskRequest = {
    ...own,
    ...access,
    ...(idempotency && { idempotency }),
  };
  if (stream) return streamReply(c, config, asked);
  const reply = ask(c.env, config, asked, { now: nowIn(c), signal: new AbortController().signal });
  // A client that goes away loses nothing: the turn is answered and kept all the same.
  c.executionCtx.waitUntil(reply.catch(() => undefined));
  return c.json(await reply);
});

/** Server-Sent Events: `delta` with each piece of text, then `done` with what the plain reply would be, or `error`. */
function streamReply(c: AppContext, config: Config, asked: AskRequest): Response {
  const gaveUp = new AbortController();
  const now = nowIn(c);
  return streamSSE(c, async (events) => {
    const unread = () => setTimeout(() => gaveUp.abort(), UNREAD_MS);
    const { signal } = c.req.raw;
    if (signal.aborted) unread();
    signal.addEventListener("abort", unread, { once: true });
    const keepAlive = setInterval(() => void events.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
    const send = (event: string, data: object) =>
      events.writeSSE({ event, data: JSON.stringify(data) });
    const onDelta = (delta: string) => void send("delta", { delta });
    const reply = ask(c.env, config, asked, { now, signal: gaveUp.signal, onDelta });
    // Also where the reader stalls: what is sent to it may never be taken.
    const settled = reply.finally(() => clearInterval(keepAlive));
    c.executionCtx.waitUntil(settled.catch(() => undefined));
    try {
      await send("done", await settled);
    } catch (error) {
      await send("error", problemOf(asApiError(error), c.get("requestId")));
    }
  });
}

/** Whoever speaks for one user cannot speak for another. */
function userOf(own: string | undefined, named: string | undefined): string | undefined {
  if (own === undefined || named === undefined || own === named) return named ?? own;
  throw new ApiError("forbidden", "The token speaks for another user_id.", { param: "user_id" });
}

function checkModel(config: Config, model: string | undefined): void {
  if (model === undefined || config.MODEL.includes(model)) return;
  throw invalid(`model takes one of: ${config.MODEL.join(", ")}.`, "model");
}
