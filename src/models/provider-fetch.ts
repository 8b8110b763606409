import { limitBytes } from "../outbound/bounded-fetch.ts";
import { ModelError } from "./model.ts";

/** A status that may well be another one a moment later. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** @param status - what the provider said. Its body is left out on purpose: it may quote the prompt or the key. */
export function statusError(name: string, status: number): ModelError {
  return new ModelError("model_failed", `${name} answered with status ${status}`, {
    retryable: isRetryableStatus(status),
  });
}

/** @param name - the model, as it stands in `MODEL` */
export function stoppedError(name: string): ModelError {
  return new ModelError("model_timeout", `${name} was stopped before it had answered`, {
    retryable: false,
  });
}

/** The {@link ModelError} that lies somewhere in an error's causes, for libraries wrap what they catch. */
export function modelErrorIn(error: unknown): ModelError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof ModelError) return at;
  }
  return null;
}

/**
 * `fetch` as providers are called: it follows no redirect, so that neither key nor text goes where nobody sent them;
 * it rejects with a {@link ModelError} unless the answer is 2xx; and it ends a body at `maxBytes`.
 */
export function providerFetch(name: string, maxBytes: number, send: typeof fetch): typeof fetch {
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
      // Not awaited: a body that never ends must not hold up the failure.
      response.body?.cancel().catch(() => {});
      throw statusError(name, response.status);
    }
    const type = response.headers.get("content-type");
    const tooLarge = () =>
      new ModelError("model_failed", `${name} answered with more than ${maxBytes} bytes`, {
        retryable: false,
      });
    return new Response(response.body?.pipeThrough(limitBytes(maxBytes, tooLarge)) ?? null, {
      status: response.status,
      headers: type === null ? {} : { "content-type": type },
    });
  };
}
