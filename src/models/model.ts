import type { Message } from "../items.ts";

export interface ModelRequest {
  account_id: string;
  /** Undefined where nothing is stored and the caller named none. */
  session_id: string | undefined;
  /** The window and then the new message, oldest first. */
  messages: Message[];
  /** Ends the call: the model took too long, or nobody wants the answer any more. */
  signal: AbortSignal;
  /** Called with each piece of text as it comes. Without it the model need not stream. */
  onDelta?: ((text: string) => void) | undefined;
}

export interface Usage {
  input_tokens: number;
  output_tokens: number;
}

export interface ModelReply {
  text: string;
  /** Who answered, as `provider/model`. */
  model: string;
  usage?: Usage | undefined;
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
