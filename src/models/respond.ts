import { CircuitOpenError, throughCircuit } from "../outbound/circuit-breaker.ts";
import { attempt, cancelled } from "./attempt.ts";
import { boundReply } from "./bound-reply.ts";
import { inModelSpan } from "./model-span.ts";
import type { Model, ModelReply, ModelRequest } from "./model.ts";
import { ModelError } from "./model-error.ts";
import { isOutside } from "../shared/model-providers.ts";

const TRIES_PER_MODEL = 2;
const MIN_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 500;
/** A provider that wants to be asked later than this is not waited for: the caller is told when. */
const MAX_PROVIDER_WAIT_MS = 5_000;

export interface RespondOptions {
  /** How long one try of one model may take. */
  timeoutMs: number;
  /** In [0, 1), as `Math.random`. */
  random: () => number;
  wait: (ms: number) => Promise<unknown>;
  /** Whether spans have what was said. */
  tracesContent?: boolean;
  /** Keeps the circuits. Without it no circuit opens. */
  circuits?: Pick<Env, "DIRECTORY"> | undefined;
  /** Receives each failed try, the last one too. A cancelled request is none. */
  onFailure?: ((name: string, error: ModelError) => void) | undefined;
}

/**
 * The first answer of these models, asked in order. A retryable failure is tried once more after 100 to 500 ms, or when
 * the provider wants it. Where that is more than {@link MAX_PROVIDER_WAIT_MS}, or more than the next model needs, it is
 * not tried again. A timeout moves on to the next model. A refused request is the answer: no other model is asked. After
 * the first streamed piece a failure is final: the reader cannot unread it.
 *
 * @throws ModelError the last failure; after several tries its message says how many
 */
export async function respond(
  models: Model[],
  request: ModelRequest,
  options: RespondOptions,
): Promise<ModelReply> {
  const { wait, onFailure } = options;
  const { signal, onDelta, onPart } = request;
  let streamed = false;
  const watched: ModelRequest = {
    ...request,
    onDelta:
      onDelta &&
      ((text) => {
        streamed = true;
        onDelta(text);
      }),
    onPart:
      onPart &&
      ((part) => {
        streamed = true;
        onPart(part);
      }),
  };

  let last: ModelError | null = null;
  let tries = 0;
  let asked = 0;
  for (const [index, model] of models.entries()) {
    asked += 1;
    for (let round = 1; round <= TRIES_PER_MODEL; round += 1) {
      if (signal?.aborted) throw cancelled(signal);
      tries += 1;
      try {
        return await inModelSpan(model.name, request, options.tracesContent === true, () =>
          tryModel(model, watched, options),
        );
      } catch (error) {
        if (signal?.aborted) throw cancelled(signal);
        if (!(error instanceof ModelError)) throw error;
        last = error;
        onFailure?.(model.name, error);
      }
      if (streamed) throw last;
      if (!last.fallsBack) throw counted(last, tries, asked);
      const isLast = index === models.length - 1;
      const delay = round < TRIES_PER_MODEL ? delayBefore(last, isLast, options) : null;
      if (delay === null) break;
      await beforeAbort(wait(delay), signal);
    }
  }
  if (!last) throw new ModelError("model_failed", "no model is set", { retryable: false });
  throw counted(last, tries, asked);
}

/** In milliseconds, the wait before the same model is tried again. Null: it is not. */
function delayBefore(
  { retryable, code, retryAfterMs = 0 }: ModelError,
  isLastModel: boolean,
  { random }: RespondOptions,
): number | null {
  if (!retryable || code === "model_timeout") return null;
  if (retryAfterMs > (isLastModel ? MAX_PROVIDER_WAIT_MS : MAX_RETRY_DELAY_MS)) return null;
  return retryAfterMs + MIN_RETRY_DELAY_MS + random() * (MAX_RETRY_DELAY_MS - MIN_RETRY_DELAY_MS);
}

const counted = (last: ModelError, tries: number, asked: number): ModelError =>
  tries < 2
    ? last
    : last.within(
        `no answer after ${tries} tries of ${asked} model${asked === 1 ? "" : "s"}; the last: ${last.message}`,
      );

/** One try of a model, through its circuit. A model inside the Worker needs neither timer nor circuit. */
async function tryModel(
  model: Model,
  request: ModelRequest,
  { timeoutMs, circuits }: RespondOptions,
): Promise<ModelReply> {
  if (!isOutside(model.name)) return model.respond(request);
  const call = () => attempt(model, request, timeoutMs);
  if (!circuits) return boundReply(await call());
  // A caller who left says nothing of the service.
  const resultOf = (error: unknown) =>
    error instanceof ModelError && error.isOutage && !request.signal?.aborted
      ? "failure"
      : "undecided";
  try {
    return boundReply(await throughCircuit(circuits, model.name, { resultOf, timeoutMs, call }));
  } catch (error) {
    if (!(error instanceof CircuitOpenError)) throw error;
    throw new ModelError("model_failed", error.message, {
      retryable: false,
      retryAfterMs: error.retryAfterMs,
    });
  }
}

/** Waits until the promise resolves or the signal is aborted. */
async function beforeAbort(waiting: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (!signal) return void (await waiting);
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) resolve();
  await Promise.race([waiting, aborted]);
  signal.removeEventListener("abort", onAbort);
}
