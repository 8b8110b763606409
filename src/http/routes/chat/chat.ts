import { z } from "zod";

import { callId, parseCallId } from "../../../shared/ids.ts";
import { ApiError } from "../../../shared/errors.ts";
import { openResponse } from "../../../turn/respond.ts";
import { ARCHIVE_ERRORS } from "../../openapi/reply.ts";
import type { Replies } from "../../openapi/reply.ts";
import * as s from "../../openapi/schema.ts";
import { accountNames, pageLimit } from "../../read-request.ts";
import { route } from "../../route.ts";
import type { RouteRequest } from "../../route.ts";
import { inStreamSlot } from "../../stream-slots.ts";
import { ANSWER_ERRORS } from "../openai/errors.ts";
import { queueResponse } from "../openai/queue-response.ts";
import { takeOverLate } from "./take-over.ts";
import { beingAnswered, hasContent, messageAnswered, newestTurns, placeOf } from "./chat-place.ts";
import { chatBody, chatRequest } from "./chat-request.ts";
import type { ChatBody, ChatPlace } from "./chat-request.ts";
import { stepsBefore, streamTurn } from "./chat-stream.ts";
import { readLastMessage } from "./message-input.ts";
import type { SentMessage } from "./message-input.ts";
import type { Turn } from "../../../shared/turn.ts";
import { messageIdIn } from "./turn-chunks.ts";
import { uiMessagesOf } from "./ui-messages.ts";

const events = (): Replies[number] => ({
  content: {
    "text/event-stream": {
      type: "string",
      description: "A UI message stream, as `useChat` of the AI SDK reads it.",
    },
  },
});
const uiMessage = s.named("UiMessage", () =>
  s.object({
    id: s.text,
    role: s.only("system", "user", "assistant"),
    "metadata?": s.anyObject,
    parts: s.many(s.anyObject),
  }),
);

const beforeCall = z
  .string()
  .refine((sent) => parseCallId(sent) !== null, "takes a call's id: call_…")
  .optional();

export const uiChat = [
  route("POST /chat", {
    id: "sendChatMessage",
    summary: "Answers a UI message of the AI SDK in a chat, as a UI message stream",
    repeat: "safe",
    scope: "query",
    ignoredQuery: "all",
    body: chatBody,
    replies: () => ({ 200: events() }),
    errors: [...ANSWER_ERRORS, "message_answered", "session_exists"],
    handle: (request) => {
      const sent = readLastMessage(request.body.messages);
      return inStreamSlot(async (slot) => {
        const place = await placeOf(request, request.body, sent);
        const turn = await beginOrJoin(request, sent, place);
        return streamTurn(request, slot, turn);
      });
    },
  }),
  route("GET /chat/:session_id/stream", {
    id: "resumeChatStream",
    summary: "Streams the answer in progress from its beginning",
    scope: "read",
    replies: () => ({
      200: events(),
      204: { content: {}, description: "No answer is in progress" },
    }),
    errors: ["response_not_found", "too_many_streams", ...ARCHIVE_ERRORS],
    handle: async (request) => {
      const { path, call, c } = request;
      const current = await call((account, caller) =>
        account.responses.current(caller, path.session_id),
      );
      if (!current) return c.body(null, 204);
      return inStreamSlot(async (slot) => {
        const before = await stepsBefore(request, path.session_id, current.turn);
        return streamTurn(request, slot, current.turn, before);
      });
    },
  }),
  route("POST /chat/:session_id/stop", {
    id: "stopChat",
    summary: "Stops the answer in progress; what was said is stored",
    repeat: "safe",
    scope: "query",
    reply: () => s.object({ session_id: s.text, stopped: s.truth }),
    errors: ["invalid_request", "response_not_found", ...ARCHIVE_ERRORS],
    handle: async ({ path: { session_id }, call, now }) => {
      const current = await call((account, caller) =>
        account.responses.current(caller, session_id),
      );
      if (!current) return { session_id, stopped: false };
      const { turn } = await call((account, caller) =>
        account.responses.cancel(caller, current.turn.id, now),
      );
      return { session_id, stopped: turn.extra.response?.cut === "cancelled" };
    },
  }),
  route("GET /chat/:session_id/messages", {
    id: "listChatMessages",
    summary: "Lists a chat's newest turns as UI messages",
    scope: "read",
    query: () =>
      z.strictObject({
        limit: pageLimit(100),
        before: beforeCall,
        ...accountNames,
      }),
    reply: () =>
      s.object({ messages: s.many(uiMessage), first_id: s.maybe(s.text), has_more: s.truth }),
    errors: ARCHIVE_ERRORS,
    handle: async (request) => {
      const { limit, before } = request.query;
      const page = { limit, after: before };
      const { turns, has_more } = await newestTurns(request, request.path.session_id, page);
      const first_id = turns[0] ? callId(turns[0].id) : null;
      return { messages: uiMessagesOf(turns), first_id, has_more };
    },
  }),
];

type Asking = RouteRequest<never, unknown, ChatBody>;

/** Begins the message's turn, or finds the one that an earlier try of the same request began. */
async function beginOrJoin(request: Asking, sent: SentMessage, place: ChatPlace) {
  const { c, body, config, now, call, access } = request;
  try {
    const asked = chatRequest(request, body, sent, place);
    const { turn } = await openResponse(c.env, config, asked, now);
    if (turn.status === "in_progress") {
      await queueResponse(c, access.account_id, turn.id);
      takeOverLate(c, access.account_id, turn.id);
    }
    return turn;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "idempotency_mismatch") return joinAsked(sent, place);
    if (error.param === "background") throw notStored();
    if (error.code !== "idempotency_in_flight") throw error;
    const current = await call((account, caller) =>
      account.responses.current(caller, place.session_id),
    );
    if (!current || messageIdIn(current.turn) !== sent.id) throw inLine(error);
    return current.turn;
  }
}

/** The key is known of another content than the sent one. After a reload a client has what policies made of it. */
function joinAsked(sent: SentMessage, { asked }: ChatPlace): Turn {
  if (!asked) throw otherMessage();
  if (hasContent(asked, sent)) return asked;
  throw asked.status === "completed" ? messageAnswered() : beingAnswered();
}

const otherMessage = (): ApiError =>
  new ApiError(
    "idempotency_mismatch",
    "A message with this id was sent with another content. Send an edited message with its id as messageId, or a new message with a new id.",
    { param: "messages" },
  );

/** Only a flag keeps a chat from being stored. */
const notStored = (): ApiError =>
  new ApiError(
    "invalid_request",
    "A chat is stored, and a feature flag keeps this caller's turns out of storage. Ask by POST /query.",
  );

const inLine = ({ retry_after_ms }: ApiError): ApiError =>
  new ApiError("idempotency_in_flight", "The message waits in line. Try again in a moment.", {
    param: "messages",
    ...(retry_after_ms !== undefined && { retry_after_ms }),
  });
