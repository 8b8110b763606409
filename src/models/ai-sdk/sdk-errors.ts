import { AISDKError, APICallError, UnsupportedFunctionalityError } from "@ai-sdk/provider";

import { ModelError } from "../model-error.ts";
import {
  modelErrorIn,
  retryAfterIn,
  statusError,
  stoppedError,
  wordsIn,
} from "../provider-errors.ts";

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
  if (UnsupportedFunctionalityError.isInstance(error)) return unable(`${name} takes no such file`);
  if (!APICallError.isInstance(error)) return unreadable(name, true);
  if (error.statusCode === undefined)
    return failed(`${name} failed without a status`, error.isRetryable);
  if (error.statusCode < 300) return unreadable(name, error.isRetryable);
  // Only the binding of Workers AI fails so: `fetch` has read all other replies before.
  const words = wordsIn({ message: error.message });
  const headers = new Headers(error.responseHeaders);
  return statusError(name, error.statusCode, words, retryAfterIn(headers, Date.now()));
}

export const failed = (message: string, retryable: boolean): ModelError =>
  new ModelError("model_failed", message, { retryable });

/** The request is more than the model takes. Another model may take it. */
export const unable = (message: string): ModelError =>
  new ModelError("model_unable", message, { retryable: false });

/** No outage: the model answered. */
export const unreadable = (name: string, retryable: boolean): ModelError =>
  new ModelError("model_failed", `${name} gave an answer that could not be read`, {
    retryable,
    isOutage: false,
  });

export const brokeOff = (name: string): ModelError => failed(`${name} broke off`, true);
