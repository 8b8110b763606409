import type { Config } from "../config.ts";
import { CircuitOpenError, throughCircuit } from "../outbound/circuit-breaker.ts";
import { attempt, cancelled } from "./attempt.ts";
import { localModel } from "./local/local.ts";
import { boundReply } from "./bound-reply.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "./model.ts";
import { upstreamModel } from "./upstream.ts";

const TRIES_A_MODEL = 2;
const MIN_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 500;

export interface RespondOptions {
  /** How long one try of one model may take. */
  timeoutMs: number;
  /** In [0, 1), as `Math.random`. */
  random: () => number;
  wait: (ms: number) => Promise<unknown>;
  /** Where the states of circuits are shared; without it there are none. */
  circuits?: Pick<Env, "DIRECTORY"> | undefined;
  /** Told of each try that failed, the last one too; not of a cancelled request. */
  onFailure?: ((name: string, error: ModelError) => void) | undefined;
}

/** Who answers, in the order of their names. A model that cannot work here says so when it is asked. */
export function modelsOf(
  names: readonly string[],
  config: Pick<Config, "OPENAI_BASE_URL" | "OPENAI_API_KEY" | "UPSTREAM_URL">,
  env: { AI?: Ai },
  send?: typeof fetch,
): Model[] {
  return names.map((name): Model => {
    if (name === "local") return localModel;
    if (name === "upstream") {
      return config.UPSTREAM_URL
        ? upstreamModel(config.UPSTREAM_URL, send)
        : unable(name, "UPSTREAM_URL");
    }
    if (name.startsWith("openai/")) {
      const settings = { baseURL: config.OPENAI_BASE_URL, apiKey: config.OPENAI_API_KEY };
      return lazy(name, async () =>
        (await import("./ai-sdk.ts")).openaiModel(name, settings, send),
      );
    }
    const { AI } = env;
    if (!AI) return unable(name, "the AI binding");
    return lazy(name, async () => (await import("./ai-sdk.ts")).workersAiModel(name, AI));
  });
}

const lazy = (name: string, load: () => Promise<Model>): Model => ({
  name,
  respond: async (request) => (await load()).respond(request),
});

const unable = (name: string, missing: string): Model => ({
  name,
  respond: () =>
    Promise.reject(
      new ModelError("model_failed", `${name} needs ${missing}`, { retryable: false }),
    ),
});

/**
 * The first answer of these models, asked in order. A failed try is repeated once, after 100 to 500 ms, where that may
 * help; a timeout moves on to the next model. Once anything was streamed a failure is final: the reader cannot unread it.
 *
 * @throws ModelError the last one, its message saying how much was tried when that was more than one try
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
    for (let round = 1; round <= TRIES_A_MODEL; round += 1) {
      if (signal?.aborted) throw cancelled(signal);
      tries += 1;
      try {
        const service = serviceOf(model.name);
        // It answers at once, and nothing of it is outside: it needs no timer and no circuit.
        if (service === null) return await model.respond(watched);
        return boundReply(
          await guarded(service, circuits, () => attempt(model, watched, timeoutMs)),
        );
      } catch (error) {
        if (signal?.aborted) throw cancelled(signal);
        if (!(error instanceof ModelError)) throw error;
        last = error;
        onFailure?.(model.name, error);
        if (streamed) throw error;
        if (!error.retryable || error.code === "model_timeout") break;
      }
      if (round < TRIES_A_MODEL) {
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

/** What is outside and fails again and again is not asked for a while. */
async function guarded<T>(
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

/** The service behind a model, as its circuit is named; null for none. */
export function serviceOf(model: string): string | null {
  if (model === "local") return null;
  return model.split("/")[0] as string;
}

/** Its own failing: not a model that it does not have, nor a question that it does not take. */
const isServiceFailure = (error: unknown): boolean =>
  error instanceof ModelError && (error.retryable || error.code === "model_timeout");

/** Waits, but not past the signal. */
async function beforeAbort(waiting: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (!signal) return void (await waiting);
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) resolve();
  await Promise.race([waiting, aborted]);
  signal.removeEventListener("abort", onAbort);
}
