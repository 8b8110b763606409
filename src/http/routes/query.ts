import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";

import type { Config } from "../../config.ts";
import { authorise } from "../auth/authorise.ts";
import { requestConfig, requestTime } from "../context.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { idempotencyIn } from "../idempotency.ts";
import { asApiError, problemOf } from "../problem.ts";
import { accountNames, readBody } from "../read-request.ts";
import { ApiError } from "../../shared/errors.ts";
import type { Scope } from "../../shared/scopes.ts";
import { checkStateSize } from "../../account/store/sessions/session-state.ts";
import { SECOND_MS } from "../../shared/time.ts";
import { ask } from "../../turn/ask.ts";
import type { AskRequest } from "../../turn/ask.ts";
import {
  checkMessageSize,
  id,
  message,
  metadata,
  stateObject,
} from "../../shared/field-schemas.ts";

/** A comment this often keeps proxies from closing a stream in which the model is still thinking. */
const KEEP_ALIVE_MS = 15 * SECOND_MS;
/** How long an answer goes on when its reader has gone: mostly long enough to keep it whole. */
const UNREAD_MS = 20 * SECOND_MS;

const fields = {
  ...accountNames,
  session_id: id.optional(),
  user_id: id.optional(),
  role: id.optional(),
  metadata: metadata.optional(),
  state_patch: stateObject.optional(),
  stream: z.boolean({ error: "takes true or false" }).optional(),
  model: z.string({ error: "takes the name of a model" }).optional(),
  on_busy: z.enum(["queue", "reject"], { error: 'takes "queue" or "reject"' }).default("queue"),
};
export const queryBody = z.strictObject({ query: message, assistant: id.optional(), ...fields });
/** As people's own chat routes took it. */
export const chatBody = z.strictObject({ message, ...fields });

export const query = new Hono<AppEnv>().post("/", async (c) =>
  answerQuery(c, await readBody(c, queryBody), "query"),
);

export const customerChat = new Hono<AppEnv>().post("/", async (c) => {
  const { message: text, ...rest } = await readBody(c, chatBody);
  return answerQuery(c, { ...rest, query: text, assistant: "customer" }, "message");
});

export const adminChat = new Hono<AppEnv>().post("/", async (c) => {
  // Before the body is looked at, as for every other route.
  authorise(c, "manage");
  const { message: text, ...rest } = await readBody(c, chatBody);
  return answerQuery(c, { ...rest, query: text, assistant: "admin" }, "message", "manage");
});

/** @param field - what the caller calls the message. */
async function answerQuery(
  c: AppContext,
  { stream, accountId, account_id, ...request }: z.infer<typeof queryBody>,
  field: string,
  scope: Scope = "query",
): Promise<Response> {
  const config = requestConfig(c);
  checkMessageSize(request.query, field);
  const access = authorise(c, scope, { accountId, account_id });
  const { user_id, role } = access.principal ?? {};
  const own = {
    ...request,
    user_id: ownOr(user_id, user_id, request.user_id, "user_id"),
    role: ownOr(user_id, role, request.role, "role"),
  };
  const idempotency = idempotencyIn(c, own);
  const { scopes } = c.get("caller");
  const state_patch = own.state_patch === undefined ? undefined : JSON.stringify(own.state_patch);
  if (state_patch !== undefined) checkStateSize(state_patch, "state_patch");
  const asked: AskRequest = {
    ...own,
    state_patch,
    ...access,
    scopes,
    ...(idempotency && { idempotency }),
  };
  if (stream) return streamReply(c, config, asked);
  const background = (work: Promise<void>) => c.executionCtx.waitUntil(work);
  const answer = ask(c.env, config, asked, { now: requestTime(c), background });
  // A client that goes away loses nothing: the turn is answered and kept all the same.
  c.executionCtx.waitUntil(answer.catch(() => undefined));
  return c.json(await answer);
}

/** Server-Sent Events: `delta` with each piece of text, then `done` with what the plain reply would be, or `error`. */
function streamReply(c: AppContext, config: Config, asked: AskRequest): Response {
  const gaveUp = new AbortController();
  const now = requestTime(c);
  return streamSSE(c, async (events) => {
    const unread = () => setTimeout(() => gaveUp.abort(), UNREAD_MS);
    const { signal } = c.req.raw;
    if (signal.aborted) unread();
    signal.addEventListener("abort", unread, { once: true });
    const keepAlive = setInterval(() => void events.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
    const send = (event: string, data: object) =>
      events.writeSSE({ event, data: JSON.stringify(data) });
    const onDelta = (delta: string) => void send("delta", { delta });
    const reply = ask(c.env, config, asked, {
      now,
      signal: gaveUp.signal,
      onDelta,
      background: (work) => c.executionCtx.waitUntil(work),
    });
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

/** Whoever speaks for one user cannot speak for another, nor in a role that is not theirs. */
function ownOr(
  speaker: string | undefined,
  own: string | undefined,
  named: string | undefined,
  field: "user_id" | "role",
): string | undefined {
  if (speaker === undefined || named === undefined || own === named) return named ?? own;
  throw new ApiError("forbidden", `The key or token speaks for another ${field}.`, {
    param: field,
  });
}
