import { toolCallsOf } from "../shared/items.ts";
import type { Message, Part, ToolCall } from "../shared/items.ts";

export type { ToolCall } from "../shared/items.ts";

/** A chat completion's request, as far as Colloquy itself makes any. Source: the OpenAI API, `CreateChatCompletionRequest`. */
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

/** A message as it goes over the wire: fields in the order in which the model's provider sends them. */
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

/** Chat completions know no file by its address: it is shown where the file itself would be. */
const chatFile = ({
  filename,
  file_data,
  file_url,
  file_id,
}: {
  filename?: string | undefined;
  file_data?: string | undefined;
  file_url?: string | undefined;
  file_id?: string | undefined;
}) => {
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
    /** What it thought before: not OpenAI's, but what compatible servers call it. */
    reasoning_content?: string;
    tool_calls?: ToolCall[];
  };
  finish_reason: FinishReason;
  logprobs: null;
}

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";

export interface Answered {
  id: string;
  text: string;
  /** What it asked tools for. */
  calls?: ToolCall[];
  model: string;
  created_at: number;
  input_tokens: number | null;
  output_tokens: number | null;
  /** The model was cut off. */
  isPartial: boolean;
  /** Something else ended it. */
  finish_reason?: FinishReason;
  /** What its message has beside. */
  more?: Pick<ChatChoice["message"], "annotations" | "reasoning_content">;
  /** What its usage has beside. */
  details?: Pick<ChatUsage, "prompt_tokens_details" | "completion_tokens_details">;
}

/** An answer, as OpenAI would have given it. */
export const chatResponse = (answered: Answered): ChatResponse => {
  const { text, calls = [], more, details } = answered;
  const { input_tokens: prompt_tokens, output_tokens: completion_tokens } = answered;
  const called = calls.length > 0;
  return {
    id: answered.id,
    object: "chat.completion",
    created: Math.floor(answered.created_at / 1_000),
    model: answered.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: called && text === "" ? null : text,
          refusal: null,
          ...more,
          ...(called && { tool_calls: calls }),
        },
        finish_reason:
          answered.finish_reason ??
          (answered.isPartial ? "length" : called ? "tool_calls" : "stop"),
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
