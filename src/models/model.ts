import type { CallTarget } from "../shared/client-tools.ts";
import type { Item, Message } from "../shared/items.ts";

/** A function that a model may call. The client runs it. Source: Open Responses, `FunctionTool`. */
export interface FunctionTool {
  type: "function";
  name: string;
  description?: string | undefined;
  /** A JSON Schema. */
  parameters?: Record<string, unknown> | undefined;
  strict?: boolean | undefined;
  /** The tool that it stands for, if it is no function of the client. No provider is told. */
  standsFor?: CallTarget | undefined;
}

/** How a model answers. An absent setting is the provider's default. Source of names and units: Open Responses. */
export interface ModelSettings {
  temperature?: number | undefined;
  top_p?: number | undefined;
  presence_penalty?: number | undefined;
  frequency_penalty?: number | undefined;
  max_output_tokens?: number | undefined;
  stop?: string[] | undefined;
  seed?: number | undefined;
  tools?: FunctionTool[] | undefined;
  tool_choice?: "none" | "auto" | "required" | { name: string } | undefined;
  parallel_tool_calls?: boolean | undefined;
  format?:
    | { type: "json_object" }
    | {
        type: "json_schema";
        name: string;
        description?: string | undefined;
        schema: Record<string, unknown>;
        strict?: boolean | undefined;
      }
    | undefined;
  reasoning_effort?: string | undefined;
  verbosity?: string | undefined;
}

/** A streamed piece of an answer that is not text. */
export type ReplyPart =
  | { type: "reasoning"; delta: string }
  /** The model's own refusal to answer. */
  | { type: "refusal"; delta: string }
  | { type: "call"; call_id: string; name: string }
  /** Opaque text that the provider wants back with the last item. It ends the item. */
  | { type: "seal"; value: string }
  | { type: "arguments"; call_id: string; delta: string };

export interface ModelRequest {
  account_id: string;
  /** Undefined when nothing is stored and the caller named no session. */
  session_id: string | undefined;
  /** The window, then the new message; oldest first. */
  messages: Message[];
  /** Ends the call, when the model takes too long or the caller no longer wants the answer. */
  signal?: AbortSignal | undefined;
  settings?: ModelSettings | undefined;
  /** Receives each piece of text. Without it and `onPart` the model does not stream. */
  onDelta?: ((text: string) => void) | undefined;
  /** Receives each piece that is not text. */
  onPart?: ((part: ReplyPart) => void) | undefined;
}

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  /** Input tokens that the provider read from its cache. */
  cached_tokens?: number | undefined;
  /** Output tokens of reasoning, which the answer does not show. */
  reasoning_tokens?: number | undefined;
}

export interface ModelReply {
  /** All text, refusals included; empty when the model only calls functions. */
  text: string;
  /** The model that answered, as `provider/model`. */
  model: string;
  usage?: Usage | undefined;
  /** Reasoning, texts and calls in order. Absent when the reply is one text. */
  items?: Item[] | undefined;
  /** Why the reply was cut short. */
  cut?: "max_output_tokens" | "content_filter" | undefined;
}

/** Answers a request. Throws {@link ModelError} and nothing else. */
export interface Model {
  /** Its name in `MODEL`: `openai/gpt-5`, `local`. */
  readonly name: string;
  respond(request: ModelRequest): Promise<ModelReply>;
}
