import { bodyText, replyText } from "../outbound/bounded-fetch.ts";
import { parseJson } from "../shared/json.ts";
import { SECOND_MS } from "../shared/time.ts";
import { reportIn } from "./error-frames.ts";
import { ModelError } from "./model-error.ts";
import {
  modelErrorIn,
  retryAfterIn,
  statusError,
  stoppedError,
  tooLongError,
  wordsIn,
} from "./provider-errors.ts";
import type { ProviderWords } from "./provider-errors.ts";

/** An error's body is read up to this. */
const MAX_ERROR_BYTES = 64 * 1024;
/** An error's body is waited for so long, in ms: one that never ends must not delay the failure. */
const ERROR_BODY_MS = SECOND_MS;

export interface ProviderFetchOptions {
  /** A longer body fails. */
  maxBytes: number;
  send: typeof fetch;
  /** The deployment's keys. They are taken out of the provider's words. */
  keys?: readonly string[];
}

type Input = RequestInfo | URL;

/**
 * Sends a request to a provider. It follows no redirect, so that neither the key nor the text reaches another server.
 *
 * @returns the response, its body unread. @throws ModelError unless its status is 2xx
 */
export async function requestProvider(
  name: string,
  { send, keys = [] }: ProviderFetchOptions,
  input: Input,
  init?: RequestInit,
): Promise<Response> {
  let response: Response;
  try {
    response = await send(input, { ...init, redirect: "manual" });
  } catch (cause) {
    if (init?.signal?.aborted) throw stoppedError(name);
    throw new ModelError("model_failed", `${name} could not be reached`, {
      retryable: true,
      cause,
    });
  }
  if (response.ok) return response;
  const words = await readWords(response, keys);
  throw statusError(name, response.status, words, retryAfterIn(response.headers, Date.now()));
}

/** The whole text of a provider's reply. @throws ModelError also for a text that reports an error */
export async function requestText(
  name: string,
  options: ProviderFetchOptions,
  input: Input,
  init?: RequestInit,
): Promise<string> {
  return textOf(name, options, await requestProvider(name, options, input, init), init?.signal);
}

/** `fetch` for the AI SDK, of whole replies. @returns a reply whose body is in memory */
export function providerFetch(name: string, options: ProviderFetchOptions): typeof fetch {
  return async (input: Input, init?: RequestInit) => {
    const response = await requestProvider(name, options, input, init);
    const type = response.headers.get("content-type");
    return new Response(await textOf(name, options, response, init?.signal), {
      status: response.status,
      headers: type === null ? {} : { "content-type": type },
    });
  };
}

async function textOf(
  name: string,
  { maxBytes, keys = [] }: ProviderFetchOptions,
  response: Response,
  signal: AbortSignal | null | undefined,
): Promise<string> {
  let text: string;
  try {
    text = await replyText(response, maxBytes, () => tooLongError(name, maxBytes));
  } catch (cause) {
    if (signal?.aborted) throw stoppedError(name);
    throw (
      modelErrorIn(cause) ??
      new ModelError("model_failed", `${name} broke off`, { retryable: true })
    );
  }
  const reported = reportIn(name, text, keys);
  if (reported) throw reported;
  return text;
}

const tooLong = () => new Error("too long");

/** The words of an error response. Empty if its body is too long, late or not JSON. */
async function readWords({ body }: Response, keys: readonly string[]): Promise<ProviderWords> {
  if (!body) return {};
  const text = bodyText(body, MAX_ERROR_BYTES, tooLong);
  text.catch(() => undefined);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("too late")), ERROR_BODY_MS);
  try {
    return wordsIn(parseJson(await Promise.race([text, tooLate])), keys);
  } catch {
    return {};
  } finally {
    clearTimeout(timer);
  }
}
