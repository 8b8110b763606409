import { z } from "zod";

import type { AppContext } from "../context.ts";
import { answerWithEvents, signalOfReader } from "../event-stream.ts";
import { idempotencyIn } from "../idempotency.ts";
import {
  ARCHIVE_ERRORS,
  IDEMPOTENCY_ERRORS,
  MODEL_ERRORS,
  QUOTA_ERRORS,
  jsonOrEvents,
} from "../openapi/reply.ts";
import * as s from "../openapi/schema.ts";
import { usage } from "../openapi/shared-replies.ts";
import { asApiError, problemOf } from "../problem.ts";
import { route } from "../route.ts";
import type { RouteRequest } from "../route.ts";
import { inStreamSlot } from "../stream-slots.ts";
import type { StreamSlot } from "../stream-slots.ts";
import { checkStateSize } from "../../account/store/sessions/state-size.ts";
import { ApiError } from "../../shared/errors.ts";
import {
  checkMessageSize,
  id,
  message,
  metadata,
  stateObject,
} from "../../shared/field-schemas.ts";
import { ask } from "../../turn/ask.ts";
import type { AskRequest } from "../../turn/ask.ts";

/** Bots send null for what they do not have. */
const orAbsent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

const fields = () => ({
  accountId: orAbsent(id),
  account_id: orAbsent(id),
  session_id: orAbsent(id),
  user_id: orAbsent(id),
  role: orAbsent(id),
  metadata: orAbsent(metadata),
  state_patch: orAbsent(stateObject),
  stream: orAbsent(z.boolean({ error: "takes true or false" })),
  model: orAbsent(z.string({ error: "takes the name of a model" })),
  on_busy: z.enum(["queue", "reject"], { error: 'takes "queue" or "reject"' }).default("queue"),
});
const queryBody = () => z.strictObject({ query: message, assistant: orAbsent(id), ...fields() });
/** The body of the older chat routes. */
const chatBody = () => z.strictObject({ message, ...fields() });

const reply = s.named("Reply", () =>
  s.object({
    success: s.only(true),
    response: s.text,
    "session_id?": s.text,
    "call_id?": s.text,
    "new_session?": s.only(true),
    "restored?": s.only(true),
    "state_version?": s.whole,
    "cached?": s.only(true),
    "blocked?": s.only(true),
    stored: s.truth,
    model: s.maybe(s.text),
    "usage?": usage,
    created_at: s.time,
  }),
);
const EVENTS =
  "With `stream`: `delta` with each piece of the text, then `done` with what the plain reply would be, or `error`.";

const asks = {
  ignoredQuery: "all",
  repeat: "key",
  replies: () => jsonOrEvents(reply, EVENTS),
  errors: [
    ...MODEL_ERRORS,
    ...QUOTA_ERRORS,
    ...IDEMPOTENCY_ERRORS,
    ...ARCHIVE_ERRORS,
    "message_too_large",
    "state_too_large",
    "too_many_streams",
    "session_busy",
    "session_full",
    "session_erased",
    "turn_lost",
  ],
} as const;

export const query = [
  route("POST /query", {
    ...asks,
    id: "ask",
    summary: "Asks a question in an existing or a new session",
    scope: "query",
    body: queryBody,
    handle: (request) => answerQuery(request, request.body, "query"),
  }),
  route("POST /api/chat", {
    ...asks,
    id: "askAsCustomer",
    summary: "Asks the assistant `customer`",
    scope: "query",
    body: chatBody,
    handle: (request) => answerChat(request, request.body, "customer"),
  }),
  route("POST /admin/assistant/chat", {
    ...asks,
    id: "askAsStaff",
    summary: "Asks the assistant `admin`",
    scope: "manage",
    body: chatBody,
    handle: (request) => answerChat(request, request.body, "admin"),
  }),
];

type Asking = Pick<RouteRequest<never, unknown, unknown>, "c" | "access" | "config" | "now">;
type Asked = Omit<z.infer<ReturnType<typeof queryBody>>, "accountId" | "account_id">;

const answerChat = (
  request: Asking,
  { message: text, ...rest }: Omit<Asked, "query" | "assistant"> & { message: string },
  assistant: string,
): Promise<Response> => answerQuery(request, { ...rest, query: text, assistant }, "message");

/** @param field - the caller's name for the message */
async function answerQuery(
  { c, access, config, now }: Asking,
  { stream, ...body }: Asked,
  field: string,
): Promise<Response> {
  checkMessageSize(body.query, field);
  const { user_id, role } = access.principal ?? {};
  const own = {
    ...body,
    user_id: ownOr(user_id, user_id, body.user_id, "user_id"),
    role: ownOr(user_id, role, body.role, "role"),
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
  const background = (work: Promise<void>) => c.executionCtx.waitUntil(work);
  const askWith = (more: { signal?: AbortSignal; onDelta?: (delta: string) => void }) =>
    ask(c.env, config, asked, { now, background, ...more });
  if (stream) return inStreamSlot(async (slot) => streamReply(c, slot, askWith));
  const answer = askWith({});
  // Without its client, too, the turn is answered and stored.
  c.executionCtx.waitUntil(answer.catch(() => undefined));
  return c.json(await answer);
}

type AskWith = (more: {
  signal?: AbortSignal;
  onDelta?: (delta: string) => void;
}) => ReturnType<typeof ask>;

/** Server-Sent Events: `delta` with each piece of text, then `done` with the plain reply, or `error`. */
const streamReply = (c: AppContext, slot: StreamSlot, askWith: AskWith): Response =>
  answerWithEvents(c, slot, async (stream) => {
    const send = (event: string, data: object) =>
      stream.send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    const answer = askWith({
      signal: signalOfReader(c),
      onDelta: (delta) => send("delta", { delta }),
    });
    // Without its client, too, the turn is stored.
    c.executionCtx.waitUntil(answer.catch(() => undefined));
    try {
      send("done", await answer);
    } catch (error) {
      send("error", problemOf(asApiError(error), c.get("requestId")));
    }
  });

/** A key or token for one user cannot ask for another user, nor in a role that the user does not have. */
function ownOr(
  bound: string | undefined,
  own: string | undefined,
  named: string | undefined,
  field: "user_id" | "role",
): string | undefined {
  if (bound === undefined || named === undefined || own === named) return named ?? own;
  throw new ApiError(
    "forbidden",
    `The key or token is for another ${field}. Leave ${field} out, or send its own.`,
    { param: field },
  );
}
