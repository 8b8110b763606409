import type { Item, Message } from "../shared/items.ts";

/** A function that a model may ask for. Its caller runs it; Colloquy runs none. Source: Open Responses, `FunctionTool`. */
export interface FunctionTool {
  type: "function";
  name: string;
  description?: string | undefined;
  /** A JSON Schema. */
  parameters?: Record<string, unknown> | undefined;
  strict?: boolean | undefined;
}

/** How a model is to answer. What is absent is left to it. Source of names and units: Open Responses. */
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

/** A piece of an answer that is not its text, as it comes. */
export type ReplyPart =
  | { type: "reasoning"; delta: string }
  | { type: "call"; call_id: string; name: string }
  | { type: "arguments"; call_id: string; delta: string };

export interface ModelRequest {
  account_id: string;
  /** Undefined where nothing is stored and the caller named none. */
  session_id: string | undefined;
  /** The window and then the new message, oldest first. */
  messages: Message[];
  /** Ends the call: the model took too long, or nobody wants the answer any more. Absent where neither can be. */
  signal?: AbortSignal | undefined;
  settings?: ModelSettings | undefined;
  /** Called with each piece of text as it comes. Without it the model need not stream. */
  onDelta?: ((text: string) => void) | undefined;
  /** Called with each piece of all else. */
  onPart?: ((part: ReplyPart) => void) | undefined;
}

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  /** Of the input's, those that the provider had at hand already. */
  cached_tokens?: number | undefined;
  /** Of the output's, those that were thought and not said. */
  reasoning_tokens?: number | undefined;
}

export interface ModelReply {
  /** What it says; empty where it only calls functions. */
  text: string;
  /** Who answered, as `provider/model`. */
  model: string;
  usage?: Usage | undefined;
  /** All of it in order, where it is more than one text: thoughts, texts, calls. */
  items?: Item[] | undefined;
  /** Why it ends before its end. */
  cut?: "max_output_tokens" | "content_filter" | undefined;
}

/** Somebody who answers. Throws {@link ModelError} and nothing else. */
export interface Model {
  /** As it stands in `MODEL`: `openai/gpt-5`, `local`. */
  readonly name: string;
  respond(request: ModelRequest): Promise<ModelReply>;
}

/** A model that gave no answer. */
export class ModelError extends Error {
  readonly code: "model_failed" | "model_timeout";
  /** Whether the same call may well succeed a moment later. */
  readonly retryable: boolean;

  constructor(
    code: ModelError["code"],
    message: string,
    options: { retryable: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "ModelError";
    this.code = code;
    this.retryable = options.retryable;
  }
}
