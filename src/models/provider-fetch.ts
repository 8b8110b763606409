import { limitBytes } from "../outbound/bounded-fetch.ts";
import { parseJson } from "../shared/json.ts";
import { SECOND_MS } from "../shared/time.ts";
import { failOnErrorFrame, reportIn } from "./error-frames.ts";
import { ModelError } from "./model-error.ts";
import {
  modelErrorIn,
  retryAfterIn,
  statusError,
  stoppedError,
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

/**
 * `fetch` for providers. It follows no redirect, so that neither the key nor the text reaches another server. It rejects
 * with a {@link ModelError} unless the status is 2xx, and where a body or a stream reports an error.
 */
export function providerFetch(
  name: string,
  { maxBytes, send, keys = [] }: ProviderFetchOptions,
): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit) => {
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
    if (!response.ok) {
      const words = await readWords(response, keys);
      throw statusError(name, response.status, words, retryAfterIn(response.headers, Date.now()));
    }
    const type = response.headers.get("content-type");
    const tooLarge = () =>
      new ModelError("model_failed", `${name} answered with more than ${maxBytes} bytes`, {
        retryable: false,
      });
    const limited = response.body?.pipeThrough(limitBytes(maxBytes, tooLarge)) ?? null;
    const more = {
      status: response.status,
      headers: type === null ? {} : { "content-type": type },
    };
    if (type?.startsWith("text/event-stream"))
      return new Response(limited?.pipeThrough(failOnErrorFrame(name, keys)) ?? null, more);
    const text = await wholeText(name, limited, init?.signal);
    const reported = reportIn(name, text, keys);
    if (reported) throw reported;
    return new Response(text, more);
  };
}

async function wholeText(
  name: string,
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal | null | undefined,
): Promise<string> {
  try {
    return await new Response(body).text();
  } catch (cause) {
    if (signal?.aborted) throw stoppedError(name);
    throw (
      modelErrorIn(cause) ??
      new ModelError("model_failed", `${name} broke off`, { retryable: true })
    );
  }
}

const tooLong = () => new Error("too long");

/** The words of an error response. Empty if its body is too long, late or not JSON. */
async function readWords({ body }: Response, keys: readonly string[]): Promise<ProviderWords> {
  if (!body) return {};
  const text = new Response(body.pipeThrough(limitBytes(MAX_ERROR_BYTES, tooLong))).text();
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
