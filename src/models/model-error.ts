import type { ErrorCode } from "../shared/errors.ts";

/** Why a model gave no answer, as the caller is told it. */
export type ModelErrorCode = Extract<
  ErrorCode,
  | "model_failed"
  | "model_timeout"
  | "model_unable"
  | "provider_refused_key"
  | "provider_invalid_request"
  | "provider_not_found"
  | "provider_too_large"
  | "provider_unprocessable"
  | "provider_rate_limited"
>;

interface Options {
  /** Whether the same call may succeed a moment later. */
  retryable: boolean;
  /** Whether it counts against the model's circuit. By default what is retryable and each timeout does. */
  isOutage?: boolean;
  /** Whether the next model is asked. */
  fallsBack?: boolean;
  /** When the provider wants to be asked again, in ms. */
  retryAfterMs?: number | undefined;
  /** The provider's own words, bounded and without keys. They may quote the prompt: they are never logged. */
  words?: string | undefined;
  /** The provider's own code: `context_length_exceeded`. */
  providerCode?: string | undefined;
  cause?: unknown;
}

/** Why a model gave no answer. Its message holds no text of the conversation. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  readonly retryable: boolean;
  readonly isOutage: boolean;
  readonly fallsBack: boolean;
  readonly retryAfterMs: number | undefined;
  readonly providerCode: string | undefined;
  readonly #words: string | undefined;

  constructor(code: ModelErrorCode, message: string, options: Options) {
    super(message, { cause: options.cause });
    this.name = "ModelError";
    this.code = code;
    this.retryable = options.retryable;
    this.isOutage = options.isOutage ?? (options.retryable || code === "model_timeout");
    this.fallsBack = options.fallsBack ?? true;
    this.retryAfterMs = options.retryAfterMs;
    this.providerCode = options.providerCode;
    this.#words = options.words;
  }

  /** The message with the provider's words, for the caller. */
  get told(): string {
    return this.#words === undefined ? this.message : `${this.message}: ${this.#words}`;
  }

  /** The same failure with another message before the provider's words. */
  within(message: string): ModelError {
    const { code, retryable, isOutage, fallsBack, retryAfterMs, providerCode } = this;
    return new ModelError(code, message, {
      retryable,
      isOutage,
      fallsBack,
      retryAfterMs,
      providerCode,
      words: this.#words,
      cause: this,
    });
  }
}
