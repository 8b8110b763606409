import type { Model, ModelReply, ModelRequest } from "./model.ts";
import { ModelError } from "./model-error.ts";

/**
 * One try of one model. It ends after `timeoutMs` or with the request's own signal, even if the model ignores both.
 * After its end nothing more is streamed: a late model cannot write into the next model's answer.
 *
 * @throws ModelError and nothing else
 */
export async function attempt(
  model: Model,
  request: ModelRequest,
  timeoutMs: number,
): Promise<ModelReply> {
  // Not AbortSignal.timeout: its timer would keep the request in memory for a minute after a fast answer.
  const controller = new AbortController();
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  // The promise may be rejected before the race below listens.
  stopped.catch(() => {});
  const end = (error: ModelError) => {
    stop(error);
    controller.abort(error);
  };
  const timer = setTimeout(() => {
    end(
      new ModelError("model_timeout", `${model.name} took longer than ${timeoutMs} ms`, {
        retryable: false,
      }),
    );
  }, timeoutMs);
  const { signal, onDelta, onPart } = request;
  const onAbort = () => end(cancelled(signal));
  signal?.addEventListener("abort", onAbort, { once: true });

  let over = false;
  try {
    if (signal?.aborted) throw cancelled(signal);
    const reply = model.respond({
      ...request,
      signal: controller.signal,
      onDelta:
        onDelta &&
        ((text) => {
          if (!over && text !== "") onDelta(text);
        }),
      onPart:
        onPart &&
        ((part) => {
          if (!over && (!("delta" in part) || part.delta !== "")) onPart(part);
        }),
    });
    return await Promise.race([reply, stopped]);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError("model_failed", `${model.name} failed`, {
      retryable: false,
      cause: error,
    });
  } finally {
    over = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The failure of a request whose own signal was aborted, by a deadline or by its caller. */
export function cancelled(signal: AbortSignal | undefined): ModelError {
  const reason: unknown = signal?.reason;
  const late = reason instanceof Error && reason.name === "TimeoutError";
  return late
    ? new ModelError("model_timeout", "the request ran out of time", { retryable: false })
    : new ModelError("model_failed", "the request was cancelled", { retryable: false });
}
