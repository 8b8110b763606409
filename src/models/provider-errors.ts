import { z } from "zod";

import { HOUR_MS, SECOND_MS } from "../shared/time.ts";
import { ModelError, type ModelErrorCode } from "./model-error.ts";

/** In UTF-16 units. */
const MAX_WORDS = 500;
/** A longer wait is told as this one. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** A provider's report of a failure. */
export interface ProviderWords {
  message?: string | undefined;
  code?: string | undefined;
  /** An HTTP status in the body. */
  status?: number | undefined;
}

const CODES: Partial<Record<number, ModelErrorCode>> = {
  400: "provider_invalid_request",
  401: "provider_refused_key",
  403: "provider_refused_key",
  404: "provider_not_found",
  413: "provider_too_large",
  422: "provider_unprocessable",
  429: "provider_rate_limited",
};

/**
 * The failure of a reply with this status. 400, 413 and 422 are the answer to the request: no other model is asked. 401
 * and 403 mean that the deployment's key is refused: the provider's words, which may quote the key, are left out.
 *
 * @param name - the model, as it stands in `MODEL`
 */
export function statusError(
  name: string,
  status: number,
  { message, code }: ProviderWords = {},
  retryAfterMs?: number,
): ModelError {
  const isOutage = status === 408 || status === 429 || status >= 500;
  const isRefusedKey = status === 401 || status === 403;
  const isTold = status < 500 && !isRefusedKey;
  return new ModelError(
    CODES[status] ?? "model_failed",
    isRefusedKey
      ? `${name} refused this deployment's key with status ${status}`
      : `${name} answered with status ${status}`,
    {
      retryable: isOutage,
      isOutage,
      fallsBack: status !== 400 && status !== 413 && status !== 422,
      ...(isOutage && { retryAfterMs }),
      ...(isTold && { words: message, providerCode: code }),
    },
  );
}

/** The failure that a provider reports inside a reply whose status was 200. */
export function reportedError(name: string, words: ProviderWords): ModelError {
  const { status, message, code } = words;
  if (status !== undefined) return statusError(name, status, words);
  return new ModelError("model_failed", `${name} reported an error instead of an answer`, {
    retryable: true,
    isOutage: false,
    words: message,
    providerCode: code,
  });
}

/** @param name - the model, as it stands in `MODEL` */
export const tooLongError = (name: string, maxBytes: number): ModelError =>
  new ModelError("model_failed", `${name} answered with more than ${maxBytes} bytes`, {
    retryable: false,
  });

/** @param name - the model, as it stands in `MODEL` */
export function stoppedError(name: string): ModelError {
  return new ModelError("model_timeout", `${name} was stopped before it had answered`, {
    retryable: false,
  });
}

/** The {@link ModelError} among an error's causes: libraries wrap what they catch. */
export function modelErrorIn(error: unknown): ModelError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof ModelError) return at;
  }
  return null;
}

const text = z.string().optional().catch(undefined);
const either = z.union([z.string(), z.number()]).optional().catch(undefined);
const errorObject = z.object({ message: text, code: either, type: text, status: either });
const errorBody = z.union([
  z.object({ error: errorObject }).transform(({ error }) => error),
  z.object({ error: z.string() }).transform(({ error }) => ({ message: error })),
  z
    .object({ errors: z.array(errorObject).min(1) })
    .transform(({ errors }) => errors[0] as z.infer<typeof errorObject>),
  z.object({ message: z.string(), code: either }),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ message: detail })),
]);

/**
 * The error in a provider's body: `{error: {message, code}}` as OpenAI writes it, and the forms of vLLM, Cloudflare and
 * FastAPI. Google sends a list of one.
 */
export function wordsIn(body: unknown, keys: readonly string[] = []): ProviderWords {
  const parsed = errorBody.safeParse(Array.isArray(body) ? body[0] : body);
  if (!parsed.success) return {};
  const { message, code, type, status } = parsed.data as z.infer<typeof errorObject>;
  const named = [code, type].find(
    (each) => typeof each === "string" && /^[\w.-]{1,64}$/.test(each),
  );
  const number = [code, status].map(Number).find((each) => each >= 400 && each < 600);
  return {
    message: message === undefined ? undefined : scrub(message, keys),
    code: named as string | undefined,
    status: number,
  };
}

/** Shortens a provider's message, and takes keys, bearer tokens and addresses out. */
function scrub(message: string, keys: readonly string[]): string | undefined {
  let clean = message
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  for (const key of keys) clean = clean.replaceAll(key, "[key]");
  clean = clean
    .replaceAll(/\b(?:sk|pk|rk|gsk|xai|key|org|proj|AIza|hf|clq)[-_][\w*.-]{6,}/gi, "[key]")
    .replaceAll(/\bAIza[\w-]{10,}/g, "[key]")
    .replaceAll(/\bBearer\s+\S+/gi, "Bearer [key]")
    .replaceAll(/\bhttps?:\/\/\S+/gi, "[url]");
  if (clean === "") return undefined;
  return clean.length <= MAX_WORDS ? clean : `${clean.slice(0, MAX_WORDS).toWellFormed()}…`;
}

/** When a provider wants to be asked again, in ms, from `retry-after-ms` or `retry-after`. */
export function retryAfterIn(headers: Headers, now: number): number | undefined {
  const ms = headers.get("retry-after-ms");
  const after = headers.get("retry-after");
  const wait =
    ms !== null && /^\d+(\.\d+)?$/.test(ms)
      ? Number(ms)
      : after === null
        ? Number.NaN
        : /^\d+(\.\d+)?$/.test(after)
          ? Number(after) * SECOND_MS
          : Date.parse(after) - now;
  if (Number.isNaN(wait)) return undefined;
  return Math.ceil(Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS));
}
