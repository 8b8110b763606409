import { z } from "zod";

import { checkItemsSize } from "../../../openai/responses/items-size.ts";
import { settingsFields, settingsOf } from "../../../openai/responses/settings.ts";
import type { ResponseSettings } from "../../../openai/responses/settings.ts";
import { plainTool } from "../../../openai/responses/tools.ts";
import { functionTool, manyTools } from "../../../openai/responses/tool-input.ts";
import type { IdempotencyKey } from "../../../account/store/turns/idempotency.ts";
import { namedModel } from "../../../models/model-name.ts";
import { id } from "../../../shared/field-schemas.ts";
import { sortedJson } from "../../../shared/json.ts";
import { sha256 } from "../../../shared/sha256.ts";
import type { Turn } from "../../../shared/turn.ts";
import type { RespondRequest } from "../../../turn/respond-request.ts";
import { accountNames, invalid } from "../../read-request.ts";
import type { RouteRequest } from "../../route.ts";
import { checkTools } from "../openai/response-request.ts";
import { uiMessages } from "./message-input.ts";
import type { SentMessage } from "./message-input.ts";
import { MESSAGE_ID } from "./turn-chunks.ts";

/** The body that `DefaultChatTransport` of `ai` 7 sends, with what `useChat` adds as its `body`. */
export const chatBody = () =>
  z.strictObject({
    ...accountNames,
    ...settingsFields(),
    tools: manyTools(functionTool.transform(plainTool)),
    id,
    messages: uiMessages,
    trigger: z
      .enum(["submit-message", "regenerate-message"], {
        error: 'takes "submit-message" or "regenerate-message"',
      })
      .default("submit-message"),
    messageId: z.string({ error: "takes the id of a message" }).max(128).nullish(),
    assistant: id.nullish(),
    branch: id.nullish(),
  });
export type ChatBody = Omit<z.infer<ReturnType<typeof chatBody>>, "accountId" | "account_id">;

/** Where a chat goes on: in its session, or in a copy of it up to a turn. */
export interface ChatPlace {
  session_id: string;
  previous_turn_id?: number | undefined;
  /** The session's turn of the message, where there is one. It is joined, replayed or tried again. */
  asked?: Turn;
}

/** @throws ApiError for fields that do not go together, or are too large together */
export function chatRequest(
  { c, access, config }: Pick<RouteRequest<never, unknown, unknown>, "c" | "access" | "config">,
  body: ChatBody,
  sent: SentMessage,
  { session_id, previous_turn_id, asked }: ChatPlace,
): RespondRequest {
  const { model, assistant } = namedModel(config, body.model);
  if (assistant !== undefined && body.assistant)
    throw invalid(
      "model names an assistant, and so does assistant; send one of them.",
      "assistant",
    );
  const settings: ResponseSettings = {
    ...settingsOf({ ...body, model: undefined, truncation: body.truncation ?? "auto" }),
    ...(model !== undefined && { model }),
    conversation: true,
    background: true,
    stream: true,
    metadata: { [MESSAGE_ID]: sent.id },
  };
  checkTools(settings, sent.items);
  checkItemsSize(sent.items, "messages", JSON.stringify(settings));
  return {
    ...access,
    scopes: c.get("caller").scopes,
    input: sent.items,
    settings,
    assistant: assistant ?? body.assistant ?? undefined,
    new_session_id: session_id,
    previous_turn_id,
    store: true,
    idempotency: keyOf(session_id, sent),
    retries: asked?.id,
  };
}

/** A message is one turn, however often it is sent. No header has a line break, so no caller's own key is the same. */
function keyOf(sessionId: string, { id: sentId, step, items }: SentMessage): IdempotencyKey {
  const hash = sha256(sortedJson(items));
  return { key: ["chat", sessionId, sentId, String(step)].join("\n"), hash };
}
