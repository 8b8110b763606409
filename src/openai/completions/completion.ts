import { chatPart, chatResponse } from "../chat-format.ts";
import type { ChatPart, ChatResponse, FinishReason } from "../chat-format.ts";
import { messagesOf, textOf, textOfParts, toolCallsOf } from "../../shared/items.ts";
import type { Item, ToolCall } from "../../shared/items.ts";
import { itemsOf } from "../responses/item.ts";
import { outputOf, settingsIn } from "../responses/response.ts";
import type { Turn } from "../../shared/turn.ts";

type Metadata = Record<string, string>;

/** Whoever is to answer, until it is known who did. */
export const askedModel = (turn: Turn): string => turn.model ?? settingsIn(turn).model ?? "default";

/** A turn that is over, as `/v1/chat/completions` tells it. */
export function completionOf(turn: Turn, id: string, metadata: Metadata): ChatResponse {
  const { cached_tokens = 0, reasoning_tokens = 0 } = turn.extra.response ?? {};
  const output = turn.output ?? "";
  const reasoning = outputOf(turn).flatMap((item) => thoughtIn(item) ?? []);
  const finish_reason = finishReason(turn);
  const response = chatResponse({
    ...turn,
    id,
    model: askedModel(turn),
    text: textOf(output, "assistant"),
    calls: messagesOf(output, "assistant").flatMap(toolCallsOf),
    isPartial: isCut(turn),
    ...(finish_reason && { finish_reason }),
    more: {
      annotations: [],
      ...(reasoning.length > 0 && { reasoning_content: reasoning.join("\n") }),
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

/** What a policy or a provider kept back. */
const finishReason = ({ extra }: Turn): FinishReason | null =>
  extra.policy?.outcome === "blocked" || extra.response?.cut === "content_filter"
    ? "content_filter"
    : null;

/** Null where it is none, or was not told. */
function thoughtIn(item: Item): string | null {
  if (item.type !== "reasoning") return null;
  const thought = item.text === "" ? (item.summary ?? []).join("\n") : item.text;
  return thought === "" ? null : thought;
}

/** A message that a stored completion was asked with. Source: the OpenAI API, `ChatCompletionStoreMessage`. */
export interface StoredMessage {
  id: string;
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | null;
  refusal: string | null;
  /** All of the content, where it came in parts. */
  content_parts: ChatPart[] | null;
  reasoning_content?: string;
  tool_calls?: ToolCall[];
  tool_call_id?: string;
}

/** What it was asked with, in order. What an assistant thought, said and then called is one message. */
export function storedMessages(turn: Turn, completionId: string): StoredMessage[] {
  const groups: Item[][] = [];
  for (const item of itemsOf(turn.input, "user")) {
    const last = groups.at(-1);
    if (last && goesOn(last.at(-1) as Item, item)) last.push(item);
    else groups.push([item]);
  }
  return groups.map((items, index) => storedMessage(items, `${completionId}-${index}`));
}

/** Whether an item belongs to the message of the one before it. */
function goesOn(before: Item, item: Item): boolean {
  if (item.type !== "function_call" && !isSaid(item)) return false;
  if (before.type === "reasoning") return true;
  return item.type === "function_call" && (before.type === "function_call" || isSaid(before));
}

const isSaid = (item: Item): boolean => item.type === "message" && item.role === "assistant";

function storedMessage(items: Item[], id: string): StoredMessage {
  const message = items.find((item) => item.type === "message");
  const result = items.find((item) => item.type === "function_call_output");
  const calls = items.flatMap((item) => messagesOf([item], "user")).flatMap(toolCallsOf);
  const thoughts = items.flatMap((item) => thoughtIn(item) ?? []);
  const said = message?.content ?? result?.output ?? null;
  const parts = typeof said === "string" || said === null ? null : said;
  const refusal = parts?.find((part) => part.type === "refusal")?.refusal ?? null;
  const shown = parts?.filter((part) => part.type !== "refusal") ?? null;
  const content = textOfParts(shown ?? (said as string | null) ?? "");
  return {
    id,
    role: message?.role ?? (result ? "tool" : "assistant"),
    content: said === null || (content === "" && refusal !== null) ? null : content,
    refusal,
    content_parts: shown && shown.length > 0 ? shown.flatMap(chatPart) : null,
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join("\n") }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(result && { tool_call_id: result.call_id }),
  };
}
