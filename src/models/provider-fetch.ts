import { limitBytes } from "../outbound/bounded-fetch.ts";
import { ModelError } from "./model.ts";

/** The failure of a reply that is not 2xx. It omits the body, which may quote the prompt or the key. */
export function statusError(name: string, status: number): ModelError {
  return new ModelError("model_failed", `${name} answered with status ${status}`, {
    retryable: status === 408 || status === 429 || status >= 500,
  });
}

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

/**
 * `fetch` for providers. It follows no redirect, so that neither the key nor the text reaches another server. It rejects
 * with a {@link ModelError} unless the status is 2xx, and fails a body longer than `maxBytes`.
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
      // Not awaited: a body that never ends would delay the failure.
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
