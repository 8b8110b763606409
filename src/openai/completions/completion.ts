import { chatCalls, chatPart, chatResponse } from "../chat-format.ts";
import type { ChatPart, ChatResponse, ChatToolCall, FinishReason } from "../chat-format.ts";
import { refusalOf, textOf, textOfParts } from "../../shared/items.ts";
import type { Item } from "../../shared/items.ts";
import { openReplay } from "../../shared/provider-replay.ts";
import { itemsOf } from "../responses/item.ts";
import { isCall } from "../responses/response-pieces.ts";
import { outputOf, settingsIn } from "../responses/response.ts";
import type { Turn } from "../../shared/turn.ts";

type Metadata = Record<string, string>;

/** The model that answered; before that, the requested one. */
export const modelOf = (turn: Turn): string => turn.model ?? settingsIn(turn).model ?? "default";

/** A finished turn, as a chat completion. */
export function completionOf(turn: Turn, id: string, metadata: Metadata): ChatResponse {
  const { cached_tokens = 0, reasoning_tokens = 0 } = turn.extra.response ?? {};
  const items = outputOf(turn);
  const refusals = items.flatMap((item) => refusalOf(item) ?? []);
  const texts = items.filter((item) => refusalOf(item) === null);
  const reasoning = items.flatMap((item) => reasoningIn(item) ?? []);
  const finish_reason = finishReason(turn);
  const response = chatResponse({
    ...turn,
    id,
    model: modelOf(turn),
    text: textOf(texts, "assistant"),
    refusal: refusals.length === 0 ? null : refusals.join("\n"),
    calls: chatCalls(items),
    isPartial: isCut(turn),
    ...(finish_reason && { finish_reason }),
    more: {
      annotations: [],
      ...(reasoning.length > 0 && { reasoning_content: reasoning.join("\n") }),
      ...replayOf(items),
    },
    details: {
      prompt_tokens_details: { cached_tokens },
      completion_tokens_details: { reasoning_tokens },
    },
  });
  return {
    ...response,
    service_tier: "default",
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

const isCut = ({ status, extra }: Turn): boolean =>
  status === "interrupted" || extra.response?.cut !== undefined;

/** `content_filter` when a policy or the provider withheld the answer. */
const finishReason = ({ extra }: Turn): FinishReason | null =>
  extra.policy?.outcome === "blocked" || extra.response?.cut === "content_filter"
    ? "content_filter"
    : null;

/** Data that the provider wants back with the message, in the fields that it came in. */
const replayOf = (items: readonly Item[]): Record<string, unknown> =>
  Object.assign(
    {},
    ...items.flatMap((item) =>
      item.type === "reasoning" ? [openReplay(item.encrypted_content ?? "")?.fields ?? {}] : [],
    ),
  ) as Record<string, unknown>;

/** The text of a reasoning item that has any. */
function reasoningIn(item: Item): string | null {
  if (item.type !== "reasoning") return null;
  const text = item.text === "" ? (item.summary ?? []).join("\n") : item.text;
  return text === "" ? null : text;
}

/** A message of a stored completion's request. Source: the OpenAI API, `ChatCompletionStoreMessage`. */
export interface StoredMessage {
  id: string;
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | null;
  refusal: string | null;
  /** The whole content, if it came in parts. */
  content_parts: ChatPart[] | null;
  reasoning_content?: string;
  tool_calls?: ChatToolCall[];
  tool_call_id?: string;
}

/** The messages of a completion's request. An assistant's reasoning, text and calls in a row are one message. */
export function storedMessages(turn: Turn, completionId: string): StoredMessage[] {
  const groups: Item[][] = [];
  for (const item of itemsOf(turn.input, "user")) {
    const last = groups.at(-1);
    if (last && continuesMessage(last.at(-1) as Item, item)) last.push(item);
    else groups.push([item]);
  }
  return groups.map((items, index) => storedMessage(items, `${completionId}-${index}`));
}

/** Whether an item belongs to the same message as the item before it. */
function continuesMessage(before: Item, item: Item): boolean {
  if (!isCall(item) && !isAssistantText(item)) return false;
  if (before.type === "reasoning") return true;
  return isCall(item) && (isCall(before) || isAssistantText(before));
}

const isAssistantText = (item: Item): boolean =>
  item.type === "message" && item.role === "assistant";

function storedMessage(items: Item[], id: string): StoredMessage {
  const message = items.find((item) => item.type === "message");
  const result = items.find(
    (item) => item.type === "function_call_output" || item.type === "custom_tool_call_output",
  );
  const calls = chatCalls(items);
  const reasoning = items.flatMap((item) => reasoningIn(item) ?? []);
  const all = message?.content ?? result?.output ?? null;
  const parts = typeof all === "string" || all === null ? null : all;
  const refusal = parts?.find((part) => part.type === "refusal")?.refusal ?? null;
  const shown = parts?.filter((part) => part.type !== "refusal") ?? null;
  const content = textOfParts(shown ?? (all as string | null) ?? "");
  return {
    id,
    role: message?.role ?? (result ? "tool" : "assistant"),
    content: all === null || (content === "" && refusal !== null) ? null : content,
    refusal,
    content_parts: shown && shown.length > 0 ? shown.flatMap(chatPart) : null,
    ...(reasoning.length > 0 && { reasoning_content: reasoning.join("\n") }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(result && { tool_call_id: result.call_id }),
  };
}
