import { z } from "zod";

import type { StoredCompletion } from "../../../account/conversation/read-completions.ts";
import { completionOf, storedMessages } from "../../../openai/completions/completion.ts";
import { mintUnstoredCompletionId } from "../../../shared/ids.ts";
import { completionNotFound } from "../../../shared/not-found-errors.ts";
import { pageOf } from "../../../sqlite/keyset-page.ts";
import { checkAnswered, openResponse } from "../../../turn/respond.ts";
import type { OpenResponse } from "../../../turn/respond.ts";
import { listOf } from "../../list-response.ts";
import { ARCHIVE_ERRORS, jsonOrEvents } from "../../openapi/reply.ts";
import * as s from "../../openapi/schema.ts";
import { accountNames, listQuery, metadataFilter, pageQuery } from "../../read-request.ts";
import { route } from "../../route.ts";
import type { RouteRequest } from "../../route.ts";
import { inStreamSlot } from "../../stream-slots.ts";
import { completionRequest, createBody } from "./chat-request.ts";
import { streamCompletion } from "./chat-stream.ts";
import { ANSWER_ERRORS, ERASE_ERRORS } from "./errors.ts";
import { metadataBody } from "./metadata-body.ts";
import { orNotFound } from "./or-not-found.ts";
import { completion, completionMessage, deleted } from "./replies.ts";
import { answerWhole } from "./sse.ts";

const filters = () => ({
  ...pageQuery({ order: "asc" }),
  model: z.string().min(1).max(256).optional(),
  ...accountNames,
});
const errors = ["completion_not_found", ...ARCHIVE_ERRORS] as const;

/** OpenAI's chat completions. A stored completion is a session of one turn, under the completion's id. */
export const chat = [
  route("POST /v1/chat/completions", {
    id: "createChatCompletion",
    summary: "Answers a conversation whose messages are all sent",
    scope: "query",
    body: createBody,
    repeat: "key",
    replies: () => jsonOrEvents(completion, "With `stream`: chunks, then `[DONE]`."),
    errors: ANSWER_ERRORS,
    handle: async (request) => {
      const { c, body, config, now } = request;
      const asked = completionRequest(request, body);
      const begin = () => openResponse(c.env, config, asked, now);
      const includesUsage = body.stream_options?.include_usage === true;
      if (body.stream)
        return inStreamSlot(async (slot) => {
          const open = await begin();
          return streamCompletion(c, slot, open, idOf(open), includesUsage);
        });
      const open = await begin();
      const turn = await answerWhole(c, open);
      checkAnswered(turn, open.session_id !== null);
      return completionOf(turn, idOf(open), asked.metadata ?? {});
    },
  }),
  route("GET /v1/chat/completions", {
    id: "listChatCompletions",
    summary: "Lists stored completions",
    scope: "read",
    query: () => listQuery(filters()),
    reply: () => s.listOf(completion),
    handle: async ({ query, call }) => {
      const { limit, order, after, before, model, ...others } = query;
      const filter = { model, metadata: metadataFilter(others) };
      const page = await call((account, caller) =>
        account.responses.completions(caller, filter, { limit, order, after, before }),
      );
      return listOf(page, storedBody, ({ session_id }) => session_id);
    },
  }),
  route("GET /v1/chat/completions/:completion_id", {
    id: "getChatCompletion",
    summary: "Reads a stored completion",
    scope: "read",
    reply: () => completion,
    errors,
    handle: async (request) => storedBody(await find(request)),
  }),
  route("POST /v1/chat/completions/:completion_id", {
    id: "changeChatCompletion",
    summary: "Changes a completion's metadata",
    repeat: "safe",
    scope: "query",
    body: metadataBody,
    reply: () => completion,
    errors,
    handle: async (request) => {
      const { path, body, call } = request;
      const found = await find(request);
      const session = await orNotFound(
        call((account, caller) =>
          account.sessions.setMetadata(caller, path.completion_id, body.metadata),
        ),
        completionNotFound,
      );
      return storedBody({ ...found, metadata: session.metadata });
    },
  }),
  route("GET /v1/chat/completions/:completion_id/messages", {
    id: "listChatCompletionMessages",
    summary: "Lists a completion's messages",
    scope: "read",
    query: () => z.strictObject({ ...pageQuery({ order: "asc" }), ...accountNames }),
    reply: () => s.listOf(completionMessage),
    errors,
    handle: async (request) => {
      const { turn, session_id } = await find(request);
      const page = pageOf(storedMessages(turn, session_id), request.query, ({ id }) => id);
      return listOf(
        page,
        (message) => message,
        ({ id }) => id,
      );
    },
  }),
  route("DELETE /v1/chat/completions/:completion_id", {
    id: "deleteChatCompletion",
    summary: "Deletes a stored completion",
    audit: "completion.erase",
    scope: "manage",
    reply: () => deleted("chat.completion.deleted"),
    errors: [...errors, ...ERASE_ERRORS],
    handle: async (request) => {
      const { path, call, now } = request;
      await find(request);
      const { session_id: id } = await orNotFound(
        call((account, caller) => account.erasure.eraseSession(caller, path.completion_id, now)),
        completionNotFound,
      );
      return { id, object: "chat.completion.deleted", deleted: true };
    },
  }),
];

const idOf = ({ session_id }: OpenResponse): string => session_id ?? mintUnstoredCompletionId();

const storedBody = ({ session_id, turn, metadata: pairs }: StoredCompletion) =>
  completionOf(turn, session_id, pairs);

const find = ({
  path,
  call,
  now,
}: RouteRequest<"completion_id", unknown, unknown>): Promise<StoredCompletion> =>
  orNotFound(
    call((account, caller) => account.responses.completion(caller, path.completion_id, now)),
    completionNotFound,
  );
