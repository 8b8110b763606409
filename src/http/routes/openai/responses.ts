import { z } from "zod";

import { itemResource, placedItems } from "../../../openai/responses/item.ts";
import {
  parseResponseId,
  responseId,
  responseOf,
  unstoredTurnId,
} from "../../../openai/responses/response.ts";
import { flag } from "../../../openai/responses/tool-input.ts";
import { responseNotFound } from "../../../shared/not-found-errors.ts";
import type { Turn } from "../../../shared/turn.ts";
import { pageOf } from "../../../sqlite/keyset-page.ts";
import { compactConversation } from "../../../turn/compact-conversation.ts";
import { checkAnswered, openResponse } from "../../../turn/respond.ts";
import type { OpenResponse } from "../../../turn/respond.ts";
import { listOf } from "../../list-response.ts";
import { ARCHIVE_ERRORS, jsonOrEvents } from "../../openapi/reply.ts";
import * as s from "../../openapi/schema.ts";
import { accountNames, pageQuery } from "../../read-request.ts";
import { route } from "../../route.ts";
import type { RouteRequest } from "../../route.ts";
import { inStreamSlot } from "../../stream-slots.ts";
import type { StreamSlot } from "../../stream-slots.ts";
import { ANSWER_ERRORS, CONTEXT_ERRORS, ERASE_ERRORS } from "./errors.ts";
import { deleted, item, response, responseUsage } from "./replies.ts";
import { contextFields, createFields, requestOf } from "./response-request.ts";
import { openSocket } from "./response-socket.ts";
import { queueResponse } from "./queue-response.ts";
import { streamResponse, tailResponse } from "./response-stream.ts";
import { answerWhole } from "./sse.ts";
import { estimateInput } from "../../../turn/respond-request.ts";

const contextBody = () => z.strictObject({ ...accountNames, ...contextFields() });
/** Every reply has what these could ask for. */
const INCLUDE = ["include", "include[]"];
const anyAccount = () => ({ accountId: z.string().optional(), account_id: z.string().optional() });
const NUMBER_RULE = "takes an event's sequence_number";
const errors = ["response_not_found", ...ARCHIVE_ERRORS] as const;

export const responses = [
  route("POST /v1/responses", {
    id: "createResponse",
    summary: "Makes a response",
    scope: "query",
    ignoredQuery: "all",
    body: () =>
      z.strictObject({
        ...createFields(),
        background: flag,
        stream: flag,
        stream_options: z.strictObject({ include_obfuscation: flag }).nullish(),
      }),
    repeat: "key",
    replies: () => jsonOrEvents(response, "With `stream`: events as Open Responses has them."),
    errors: ANSWER_ERRORS,
    handle: async (request) => {
      const { c, body, access, config, now } = request;
      const begin = () => openResponse(c.env, config, requestOf(request, body), now);
      const queue = async ({ turn }: OpenResponse) => {
        const isPending = turn.status === "in_progress";
        if (isPending) await queueResponse(c, access.account_id, turn.id);
        return isPending;
      };
      if (body.stream)
        return inStreamSlot(async (slot) => {
          const open = await begin();
          if (!body.background) return streamResponse(c, slot, open);
          await queue(open);
          return tailResponse(request, slot, open.turn.id, -1);
        });
      const open = await begin();
      if (body.background) {
        const isPending = await queue(open);
        const made = responseOf(open.turn, open.session_id);
        return isPending ? { ...made, status: "queued" } : made;
      }
      const turn = await answerWhole(c, open);
      checkAnswered(turn, open.session_id !== null);
      return responseOf(turn, open.session_id);
    },
  }),
  route("GET /v1/responses", {
    id: "openResponses",
    summary: "Opens a WebSocket for responses",
    scope: "query",
    ignoredQuery: "all",
    headers: { Upgrade: "`websocket`" },
    replies: () => ({ 101: { content: {}, description: "It is open" } }),
    errors: ["upgrade_required"],
    handle: ({ c, access }) => openSocket(c, access),
  }),
  route("POST /v1/responses/compact", {
    id: "compactConversation",
    summary: "Compacts a conversation into items to continue with",
    repeat: "safe",
    scope: "query",
    ignoredQuery: "all",
    body: () =>
      contextBody().extend({
        model: z
          .string({ error: "is missing; send the name of a model" })
          .min(1, "takes the name of a model")
          .max(256, "takes 256 characters at most"),
      }),
    reply: () =>
      s.object({
        id: s.text,
        object: s.only("response.compaction"),
        created_at: s.whole,
        output: s.many(item),
        usage: s.maybe(responseUsage),
      }),
    errors: [...CONTEXT_ERRORS, "quota_turns"],
    handle: async (request) => {
      const { c, body, config, now } = request;
      const asked = requestOf(request, { ...body, store: false });
      const { items, usage: used } = await compactConversation(c.env, config, asked, now);
      const turn: Turn = {
        ...NO_INPUT,
        ...used,
        id: unstoredTurnId(),
        created_at: now,
        output: items,
        extra: {},
      };
      const { id, created_at, output, usage } = responseOf(turn, null);
      return { id, object: "response.compaction", created_at, output, usage };
    },
  }),
  route("POST /v1/responses/input_tokens", {
    id: "countInputTokens",
    summary: "Estimates the input tokens of a request",
    repeat: "safe",
    scope: "query",
    ignoredQuery: "all",
    body: contextBody,
    reply: () => s.object({ object: s.only("response.input_tokens"), input_tokens: s.whole }),
    errors: CONTEXT_ERRORS,
    handle: async (request) => {
      const { c, body, config, now } = request;
      const asked = requestOf(request, { ...body, store: false });
      const input_tokens = await estimateInput(c.env, config, asked, now);
      return { object: "response.input_tokens", input_tokens };
    },
  }),
  route("GET /v1/responses/:response_id", {
    id: "getResponse",
    summary: "Reads a response, or follows it",
    scope: "read",
    query: () =>
      z.strictObject({
        ...anyAccount(),
        include_obfuscation: z.string().optional(),
        stream: z.enum(["true", "false"], { error: 'takes "true" or "false"' }).default("false"),
        starting_after: z
          .string()
          .regex(/^(-1|\d{1,9})$/, NUMBER_RULE)
          .transform(Number)
          .default(-1),
      }),
    ignoredQuery: INCLUDE,
    replies: () => jsonOrEvents(response, "With `stream`: its events, from the first or later."),
    errors: [...errors, "too_many_streams"],
    handle: async (request) => {
      const { stream, starting_after } = request.query;
      if (stream === "true") {
        const tail = (slot: StreamSlot) =>
          tailResponse(request, slot, turnIn(request), starting_after);
        return inStreamSlot(tail);
      }
      const { turn, session_id } = await readResponse(request);
      return responseOf(turn, session_id);
    },
  }),
  route("DELETE /v1/responses/:response_id", {
    id: "deleteResponse",
    summary: "Deletes a response",
    audit: "response.erase",
    scope: "manage",
    ignoredQuery: "all",
    reply: () => deleted("response"),
    errors: [...errors, ...ERASE_ERRORS, "response_in_progress"],
    handle: async (request) => {
      const turnId = turnIn(request);
      await request.call((account, caller) =>
        account.responses.delete(caller, turnId, request.now),
      );
      return { id: responseId(turnId), object: "response", deleted: true };
    },
  }),
  route("POST /v1/responses/:response_id/cancel", {
    id: "cancelResponse",
    summary: "Cancels a background response",
    repeat: "safe",
    scope: "query",
    ignoredQuery: "all",
    reply: () => response,
    errors,
    handle: async (request) => {
      const turnId = turnIn(request);
      const { turn, session_id } = await request.call((account, caller) =>
        account.responses.cancel(caller, turnId, request.now),
      );
      return responseOf(turn, session_id);
    },
  }),
  route("GET /v1/responses/:response_id/input_items", {
    id: "listInputItems",
    summary: "Lists a response's input items",
    scope: "read",
    query: () => z.strictObject({ ...anyAccount(), ...pageQuery({ order: "desc" }) }),
    ignoredQuery: INCLUDE,
    reply: () => s.listOf(item),
    errors,
    handle: async (request) => {
      const { turn } = await readResponse(request);
      const items = placedItems(turn).filter(({ side }) => side === "input");
      return listOf(
        pageOf(items, request.query, ({ id }) => id),
        (placed) => itemResource(placed.id, placed.item),
        ({ id }) => id,
      );
    },
  }),
];

/** A turn that has an output alone. */
const NO_INPUT = { status: "completed", duration_ms: 0, model: null, input: "" } as const;

type OnResponse = Pick<RouteRequest<"response_id", unknown, unknown>, "path" | "call" | "now">;

function readResponse(request: OnResponse) {
  const turnId = turnIn(request);
  return request.call((account, caller) => account.responses.get(caller, turnId, request.now));
}

/** @throws ApiError `response_not_found` for an id that is not ours */
function turnIn({ path }: OnResponse): number {
  const turn = parseResponseId(path.response_id);
  if (turn === null) throw responseNotFound();
  return turn;
}
