import type { ModelError, ModelErrorCode } from "../models/model-error.ts";
import { ApiError } from "../shared/errors.ts";
import type { Refusal } from "../shared/errors.ts";

/** Why no model answered. Turns store its code and message. */
export interface ModelFailure extends Pick<
  Refusal,
  "message" | "provider_code" | "retry_after_ms"
> {
  code: ModelErrorCode;
}

export const failureOf = ({
  code,
  told,
  providerCode,
  retryAfterMs,
}: ModelError): ModelFailure => ({
  code,
  message: told,
  ...(providerCode !== undefined && { provider_code: providerCode }),
  ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }),
});

/** Advice, where the same request would fail again. */
const REMEDIES: Partial<Record<ModelErrorCode, string>> = {
  model_unable: "change the request, or name another model",
  provider_invalid_request: "change the request",
  provider_too_large: "shorten the request",
  provider_unprocessable: "change the request",
  provider_not_found: "name another model",
  provider_refused_key: "the operator has to set a valid key",
};

/**
 * The refusal of a request that no model answered.
 *
 * @param kept - what is stored: "The turn is kept as failed"
 * @param again - how to try again, where that can help
 */
export function notAnswered(
  { code, message, provider_code, retry_after_ms }: ModelFailure,
  kept: string,
  again = "send it again",
  more: Pick<Refusal, "call_id" | "session_id"> = {},
): ApiError {
  const sentence = message.replace(/[.!\s]+$/, "");
  return new ApiError(code, `${sentence}. ${kept}; ${REMEDIES[code] ?? again}.`, {
    ...(provider_code !== undefined && { provider_code }),
    ...(retry_after_ms !== undefined && { retry_after_ms }),
    ...more,
  });
}
