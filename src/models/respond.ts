import { CircuitOpenError, throughCircuit } from "../outbound/circuit-breaker.ts";
import { attempt, cancelled } from "./attempt.ts";
import { boundReply } from "./bound-reply.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "./model.ts";
import { serviceOf } from "../shared/model-providers.ts";

const TRIES_PER_MODEL = 2;
const MIN_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 500;

export interface RespondOptions {
  /** How long one try of one model may take. */
  timeoutMs: number;
  /** In [0, 1), as `Math.random`. */
  random: () => number;
  wait: (ms: number) => Promise<unknown>;
  /** Shares the states of circuits. Without it no circuit opens. */
  circuits?: Pick<Env, "DIRECTORY"> | undefined;
  /** Receives each failed try, the last one too. A cancelled request is none. */
  onFailure?: ((name: string, error: ModelError) => void) | undefined;
}

/**
 * The first answer of these models, asked in order. A retryable failure is tried once more after 100 to 500 ms. A timeout
 * moves on to the next model. After the first streamed piece a failure is final: the reader cannot unread it.
 *
 * @throws ModelError the last failure; after several tries its message says how many
 */
export async function respond(
  models: Model[],
  request: ModelRequest,
  options: RespondOptions,
): Promise<ModelReply> {
  const { timeoutMs, random, wait, onFailure, circuits } = options;
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
  for (const model of models) {
    for (let round = 1; round <= TRIES_PER_MODEL; round += 1) {
      if (signal?.aborted) throw cancelled(signal);
      tries += 1;
      try {
        const service = serviceOf(model.name);
        // A model inside the Worker needs neither timer nor circuit.
        if (service === null) return await model.respond(watched);
        return boundReply(
          await callService(service, circuits, () => attempt(model, watched, timeoutMs)),
        );
      } catch (error) {
        if (signal?.aborted) throw cancelled(signal);
        if (!(error instanceof ModelError)) throw error;
        last = error;
        onFailure?.(model.name, error);
        if (streamed) throw error;
        if (!error.retryable || error.code === "model_timeout") break;
      }
      if (round < TRIES_PER_MODEL) {
        await beforeAbort(
          wait(MIN_RETRY_DELAY_MS + random() * (MAX_RETRY_DELAY_MS - MIN_RETRY_DELAY_MS)),
          signal,
        );
      }
    }
  }
  if (!last) throw new ModelError("model_failed", "no model is set", { retryable: false });
  if (tries < 2) throw last;
  throw new ModelError(
    last.code,
    `no answer after ${tries} tries of ${models.length} model${models.length === 1 ? "" : "s"}; the last: ${last.message}`,
    {
      retryable: last.retryable,
      cause: last,
    },
  );
}

/** Calls a service through its circuit. */
async function callService<T>(
  service: string,
  circuits: RespondOptions["circuits"],
  call: () => Promise<T>,
): Promise<T> {
  if (!circuits) return call();
  try {
    return await throughCircuit(circuits, service, isServiceFailure, call);
  } catch (error) {
    if (!(error instanceof CircuitOpenError)) throw error;
    throw new ModelError("model_failed", error.message, { retryable: false });
  }
}

/** Whether the service itself failed. An unknown model or a refused question does not count. */
const isServiceFailure = (error: unknown): boolean =>
  error instanceof ModelError && (error.retryable || error.code === "model_timeout");

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
