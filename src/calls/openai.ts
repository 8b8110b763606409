import type { Message } from "../items.ts";

/** A chat completion's request, as far as Colloquy itself makes any. Source: the OpenAI API, `CreateChatCompletionRequest`. */
export interface ChatRequest {
  model: string;
  messages: Message[];
}

/** A chat completion. Source: the OpenAI API, `CreateChatCompletionResponse`. */
export interface ChatResponse {
  id: string;
  object: "chat.completion";
  /** Seconds since the epoch. */
  created: number;
  model: string;
  choices: ChatChoice[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

export interface ChatChoice {
  index: number;
  message: {
    role: "assistant";
    content: string | null;
    refusal: string | null;
    tool_calls?: ToolCall[];
  };
  finish_reason: "stop" | "length" | "tool_calls" | "content_filter" | "function_call";
  logprobs: null;
}

export interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface Answered {
  id: string;
  text: string;
  model: string;
  created_at: number;
  input_tokens: number | null;
  output_tokens: number | null;
  /** The model was cut off. */
  isPartial: boolean;
}

/** An answer of one text, as OpenAI would have given it. */
export const chatResponse = (answered: Answered): ChatResponse => {
  const { input_tokens: prompt_tokens, output_tokens: completion_tokens } = answered;
  return {
    id: answered.id,
    object: "chat.completion",
    created: Math.floor(answered.created_at / 1_000),
    model: answered.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: answered.text, refusal: null },
        finish_reason: answered.isPartial ? "length" : "stop",
        logprobs: null,
      },
    ],
    ...(prompt_tokens !== null &&
      completion_tokens !== null && {
        usage: {
          prompt_tokens,
          completion_tokens,
          total_tokens: prompt_tokens + completion_tokens,
        },
      }),
  };
};
