import type { Config } from "../config.ts";
import { messagesOf } from "../shared/items.ts";
import type { Content, Message } from "../shared/items.ts";
import { pairToolCalls } from "../shared/pair-tool-calls.ts";
import { ModelError } from "../models/model-error.ts";
import type { ModelReply, ModelRequest, ModelSettings, Usage } from "../models/model.ts";
import { modelsOf } from "../models/providers.ts";
import { respond } from "../models/respond.ts";
import { log, logError } from "../observe/log.ts";
import { ClientCalls, clientItem, targetsOf } from "../openai/responses/client-calls.ts";
import { StreamAccumulator, PieceCoalescer } from "../openai/responses/response-pieces.ts";
import type { NonTextPiece } from "../openai/responses/response-pieces.ts";
import { failureOf } from "./model-failure.ts";
import type { ModelFailure } from "./model-failure.ts";
import type { Outcome } from "../account/conversation/turn-contract.ts";

/** In bytes of UTF-8. A longer answer fails: with a message of 256 KiB the turn fills its 1 MiB. */
const MAX_ANSWER_BYTES = 768 * 1024;

/** A request to the models. */
export interface Call {
  account_id: string;
  session_id: string | undefined;
  /** In order of preference. */
  models: string[];
  messages: Message[];
  settings?: ModelSettings | undefined;
}

/** The messages that a model is shown: the window, then the new input. */
export const promptOf = ({ window, input }: { window: Message[]; input: Content }): Message[] =>
  pairToolCalls([...window, ...messagesOf(input, "user")]);

export interface AnswerOptions {
  /** Stops the model. The answer so far is stored as `interrupted`. */
  signal?: AbortSignal | undefined;
  onDelta?: ((text: string) => void) | undefined;
  /** Receives each piece that is not text. With it, the lengths of the pieces are stored for later readers. */
  onPart?: ((piece: NonTextPiece) => void) | undefined;
}

/** The reply to the caller. */
export interface AssistantReply {
  text: string;
  /** Null when no model was asked. */
  model: string | null;
  usage?: Usage | undefined;
}

export interface AnswerResult {
  /** Null when the answer failed. */
  reply: AssistantReply | null;
  outcome: Outcome;
}

/** The models' answer, or why there is none. Never throws for a failed model. */
export async function generateAnswer(
  env: Env,
  config: Config,
  call: Call,
  { signal, onDelta, onPart }: AnswerOptions,
): Promise<AnswerResult> {
  const began = Date.now();
  const streamed = new StreamAccumulator();
  const coalescer = new PieceCoalescer((piece) => {
    streamed.add(piece);
    if (piece.type === "text") onDelta?.(piece.delta);
    else onPart?.(piece);
  });
  const targets = targetsOf(call.settings?.tools);
  const calls = new ClientCalls(targets, (piece) => coalescer.add(piece));
  const flush = () => {
    calls.flush();
    coalescer.flush();
  };
  const pieces = () => onPart && { pieces: streamed.lengths };
  const ended = (
    outcome: Partial<Outcome> & Pick<Outcome, "status">,
    reply: AssistantReply | null,
  ): AnswerResult => ({
    reply,
    outcome: {
      output: null,
      model: reply?.model ?? null,
      input_tokens: reply?.usage?.input_tokens ?? null,
      output_tokens: reply?.usage?.output_tokens ?? null,
      duration_ms: Date.now() - began,
      ...outcome,
    },
  });
  try {
    const reply = await callModel(env, config, call, {
      signal,
      onDelta: onDelta && ((delta) => calls.add({ type: "text", delta })),
      onPart: onPart && ((part) => calls.add(part)),
    });
    flush();
    const output = reply.items?.map((item) => clientItem(item, targets)) ?? reply.text;
    if (!fits(output)) {
      const error = { code: "model_failed", message: "The model answered with more than 768 KiB" };
      // The streamed pieces are not stored, either.
      return ended({ status: "failed", error, ...(onPart && { response: { pieces: [] } }) }, null);
    }
    const { cached_tokens, reasoning_tokens } = reply.usage ?? {};
    const details = {
      ...(reply.cut && { cut: reply.cut }),
      ...(cached_tokens && { cached_tokens }),
      ...(reasoning_tokens && { reasoning_tokens }),
      ...pieces(),
    };
    const response = Object.keys(details).length > 0 && call.settings ? { response: details } : {};
    return ended({ status: "completed", output, ...response }, reply);
  } catch (error) {
    flush();
    const failure = error instanceof ModelError ? failureOf(error) : logUnexpected(error);
    const partial = streamed.cutOff();
    const output = streamed.items.length === 0 || !fits(partial) ? null : partial;
    const status = signal?.aborted && output !== null ? "interrupted" : "failed";
    const response = onPart && { response: pieces() };
    return ended({ status, output, error: failure, ...response }, null);
  }
}

function fits(output: Content): boolean {
  const text = typeof output === "string" ? output : JSON.stringify(output);
  // UTF-8 takes at most 3 bytes per UTF-16 unit: most answers need no encoding.
  return (
    text.length * 3 <= MAX_ANSWER_BYTES || new TextEncoder().encode(text).length <= MAX_ANSWER_BYTES
  );
}

export function callModel(
  env: Env,
  config: Config,
  { models, ...call }: Call,
  { signal, onDelta, onPart }: Pick<ModelRequest, "signal" | "onDelta" | "onPart">,
): Promise<ModelReply> {
  return respond(
    modelsOf(models, config, env),
    { ...call, signal, onDelta, onPart },
    {
      timeoutMs: config.MODEL_TIMEOUT_MS,
      random: Math.random,
      wait: (ms) => scheduler.wait(ms),
      circuits: env,
      tracesContent: config.TRACE_CONTENT === "on",
      onFailure: logFailure,
    },
  );
}

function logFailure(model: string, error: ModelError): void {
  const { code, message, providerCode } = error;
  const fields = {
    model,
    code,
    ...(providerCode !== undefined && { provider_code: providerCode }),
  };
  if (code === "provider_refused_key") logError("provider.refused_key", message, error, fields);
  else log("model.failed", message, fields);
}

/** Asks a model something outside the conversation. @throws ModelError */
export async function promptModel(
  env: Env,
  config: Config,
  call: Omit<Call, "messages" | "settings">,
  { system, user }: { system: string; user: string },
  signal: AbortSignal | undefined,
): Promise<string> {
  const messages: Message[] = [
    { role: "system", content: system },
    { role: "user", content: user },
  ];
  const { account_id, session_id, models } = call;
  const prompt = { account_id, session_id, models, messages };
  return (await callModel(env, config, prompt, { signal })).text;
}

/** The failure of code that threw anything but a {@link ModelError}. */
export function logUnexpected(error: unknown): ModelFailure {
  logError("model.broken", "a model threw an unexpected error", error);
  return { code: "model_failed", message: "The model failed" };
}
