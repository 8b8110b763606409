import { extraContent, messagesOf, toolCallsOf } from "../shared/items.ts";
import type { Item, Message, Part, ToolCall } from "../shared/items.ts";

export type { ToolCall } from "../shared/items.ts";

/** Source: the OpenAI API, `ChatCompletionMessageToolCall`. */
export type ChatToolCall =
  | ToolCall
  | {
      id: string;
      type: "custom";
      custom: { name: string; input: string };
      extra_content?: ToolCall["extra_content"];
    };

/** The calls of items. A freeform tool's has no arguments. */
export const chatCalls = (items: readonly Item[]): ChatToolCall[] =>
  items.flatMap((item): ChatToolCall[] => {
    if (item.type !== "custom_tool_call")
      return messagesOf([item], "assistant").flatMap(toolCallsOf);
    const { call_id: id, name, input, signature } = item;
    const extra = signature !== undefined && { extra_content: extraContent(signature) };
    return [{ id, type: "custom", custom: { name, input }, ...extra }];
  });

/** The fields of a chat completion's request that Colloquy writes. Source: the OpenAI API, `CreateChatCompletionRequest`. */
export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
}

/** Source: the OpenAI API, `ChatCompletionRequestMessage`. */
export type ChatMessage =
  | { role: "system" | "developer"; content: string }
  | { role: "user"; content: string | ChatPart[] }
  | { role: "assistant"; content: string | null; tool_calls?: ToolCall[] }
  | { role: "tool"; tool_call_id: string; content: string };

/** Source: the OpenAI API, `ChatCompletionRequestUserMessageContentPart`. */
export type ChatPart =
  | { type: "text"; text: string }
  | { type: "image_url"; image_url: { url: string; detail?: "auto" | "low" | "high" } }
  | { type: "file"; file: { filename?: string; file_data?: string; file_id?: string } };

/** A message on the wire, with its fields in the provider's order. */
export function chatMessage(message: Message): ChatMessage {
  const { role, content } = message;
  if (role === "tool") return { role, tool_call_id: message.tool_call_id, content };
  if (role === "user") return { role, content: message.parts?.flatMap(chatPart) ?? content };
  const calls = toolCallsOf(message);
  if (role !== "assistant" || calls.length === 0) return { role, content };
  return { role, content: content === "" ? null : content, tool_calls: calls };
}

export function chatPart(part: Part): ChatPart[] {
  if (part.type === "input_file" || (part.type === "input_image" && part.image_url === undefined))
    return [{ type: "file", file: chatFile(part) }];
  if (part.type === "input_image") {
    const { image_url: url = "", detail } = part;
    const image_url = { url, ...(detail !== undefined && { detail: detail as "auto" }) };
    return [{ type: "image_url", image_url }];
  }
  const text = part.type === "refusal" ? part.refusal : part.text;
  return text === "" ? [] : [{ type: "text", text }];
}

/** Chat completions have no field for a file's URL: it stands in place of the file's data. */
const chatFile = ({
  filename,
  file_data,
  file_url,
  file_id,
}: Partial<Omit<Extract<Part, { type: "input_file" }>, "type">>) => {
  const data = file_data ?? file_url;
  return {
    ...(filename !== undefined && { filename }),
    ...(data !== undefined && { file_data: data }),
    ...(file_id !== undefined && { file_id }),
  };
};

/** A chat completion. Source: the OpenAI API, `CreateChatCompletionResponse`. */
export interface ChatResponse {
  id: string;
  object: "chat.completion";
  /** Seconds since the epoch. */
  created: number;
  model: string;
  choices: ChatChoice[];
  usage?: ChatUsage;
  service_tier?: "default";
  metadata?: Record<string, string>;
}

export interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
  completion_tokens_details?: { reasoning_tokens: number };
}

export interface ChatChoice {
  index: number;
  message: {
    role: "assistant";
    content: string | null;
    refusal: string | null;
    annotations?: [];
    /** Reasoning. Not OpenAI's field, but that of compatible servers. */
    reasoning_content?: string;
    tool_calls?: ChatToolCall[];
  };
  finish_reason: FinishReason;
  logprobs: null;
}

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";

/** An answer to be written as a chat completion. */
export interface ChatAnswer {
  id: string;
  text: string;
  /** The model's own refusal, apart from the text. */
  refusal?: string | null;
  calls?: ChatToolCall[];
  model: string;
  created_at: number;
  input_tokens: number | null;
  output_tokens: number | null;
  /** Whether the answer was cut short. */
  isPartial: boolean;
  /** Overrules the reason that follows from the other fields. */
  finish_reason?: FinishReason;
  /** More fields of its message. */
  more?: Pick<ChatChoice["message"], "annotations" | "reasoning_content">;
  /** More fields of its usage. */
  details?: Pick<ChatUsage, "prompt_tokens_details" | "completion_tokens_details">;
}

/** A chat completion, as OpenAI writes it. */
export const chatResponse = (answer: ChatAnswer): ChatResponse => {
  const { text, refusal = null, calls = [], more, details } = answer;
  const { input_tokens: prompt_tokens, output_tokens: completion_tokens } = answer;
  const hasCalls = calls.length > 0;
  return {
    id: answer.id,
    object: "chat.completion",
    created: Math.floor(answer.created_at / 1_000),
    model: answer.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: (hasCalls || refusal !== null) && text === "" ? null : text,
          refusal,
          ...more,
          ...(hasCalls && { tool_calls: calls }),
        },
        finish_reason:
          answer.finish_reason ?? (answer.isPartial ? "length" : hasCalls ? "tool_calls" : "stop"),
        logprobs: null,
      },
    ],
    ...(prompt_tokens !== null &&
      completion_tokens !== null && {
        usage: {
          prompt_tokens,
          completion_tokens,
          total_tokens: prompt_tokens + completion_tokens,
          ...details,
        },
      }),
  };
};
