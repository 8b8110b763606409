import { AISDKError, APICallError, UnsupportedFunctionalityError } from "@ai-sdk/provider";

import { ModelError } from "../model.ts";
import { modelErrorIn, statusError, stoppedError } from "../provider-fetch.ts";

/**
 * A failure of the AI SDK, as a {@link ModelError}. The SDK's errors hold the prompt, the provider's body and its URL, so
 * that none of them becomes message or cause.
 */
export function toModelError(name: string, error: unknown, signal?: AbortSignal): ModelError {
  if (signal?.aborted) return stoppedError(name);
  const known = modelErrorIn(error);
  if (known) return known;
  // All else that is not the SDK's own comes from the connection below it.
  if (!AISDKError.isInstance(error)) return brokeOff(name);
  if (UnsupportedFunctionalityError.isInstance(error))
    return failed(`${name} takes no such file`, false);
  if (!APICallError.isInstance(error)) return unreadable(name, true);
  if (error.statusCode === undefined)
    return failed(`${name} failed without a status`, error.isRetryable);
  if (error.statusCode < 300) return unreadable(name, error.isRetryable);
  return failed(statusError(name, error.statusCode).message, error.isRetryable);
}

export const failed = (message: string, retryable: boolean): ModelError =>
  new ModelError("model_failed", message, { retryable });

export const unreadable = (name: string, retryable: boolean): ModelError =>
  failed(`${name} gave an answer that could not be read`, retryable);

export const brokeOff = (name: string): ModelError => failed(`${name} broke off`, true);
