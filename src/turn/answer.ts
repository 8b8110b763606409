import type { Config } from "../config.ts";
import type { Content, Message } from "../shared/items.ts";
import { ModelError } from "../models/model.ts";
import type { ModelReply, ModelSettings, ReplyPart, Usage } from "../models/model.ts";
import { modelsOf } from "../models/providers.ts";
import { respond } from "../models/respond.ts";
import { log, logError } from "../observe/log.ts";
import { StreamAccumulator, PieceCoalescer } from "../openai/responses/response-pieces.ts";
import type { Outcome } from "../account/conversation/turn-contract.ts";

/** An answer's bound, in bytes of UTF-8: with a message of 256 KiB it makes a turn of 1 MiB. */
const ANSWER_BYTES = 768 * 1024;
/** What the models are asked. */
export interface Call {
  account_id: string;
  session_id: string | undefined;
  /** In order of preference. */
  models: string[];
  messages: Message[];
  /** How it is to be answered. */
  settings?: ModelSettings | undefined;
}

export interface AnswerOptions {
  /** Gives up on the model; what it said until then is kept as `interrupted`. Absent where nobody does. */
  signal?: AbortSignal | undefined;
  onDelta?: ((text: string) => void) | undefined;
  /** Told of each piece of all that is no text; how the answer was streamed is kept for whoever wants that. */
  onPart?: ((part: ReplyPart) => void) | undefined;
}

/** What is told to whoever asked. */
export interface AssistantReply {
  text: string;
  /** Null where no model was asked. */
  model: string | null;
  usage?: Usage | undefined;
}

export interface Answered {
  /** Null where nobody answered. */
  reply: AssistantReply | null;
  outcome: Outcome;
}

/** The model's answer, or what is known of why there is none. Never throws for a model that fails. */
export async function generateAnswer(
  env: Env,
  config: Config,
  call: Call,
  { signal, onDelta, onPart }: AnswerOptions,
): Promise<Answered> {
  const began = Date.now();
  const streamed = new StreamAccumulator();
  const told = new PieceCoalescer((piece) => {
    streamed.add(piece);
    if (piece.type === "text") onDelta?.(piece.delta);
    else onPart?.(piece);
  });
  const pieces = () => onPart && { pieces: streamed.lengths };
  const ended = (
    outcome: Partial<Outcome> & Pick<Outcome, "status">,
    reply: AssistantReply | null,
  ): Answered => ({
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
      onDelta: onDelta && ((delta) => told.add({ type: "text", delta })),
      onPart: onPart && ((part) => told.add(part)),
    });
    told.flush();
    const output = reply.items ?? reply.text;
    if (!fits(output)) {
      const error = { code: "model_failed", message: "The model answered with more than 768 KiB" };
      // What was streamed is not kept, either.
      return ended({ status: "failed", error, ...(onPart && { response: { pieces: [] } }) }, null);
    }
    const { cached_tokens, reasoning_tokens } = reply.usage ?? {};
    const about = {
      ...(reply.cut && { cut: reply.cut }),
      ...(cached_tokens && { cached_tokens }),
      ...(reasoning_tokens && { reasoning_tokens }),
      ...pieces(),
    };
    const response = Object.keys(about).length > 0 && call.settings ? { response: about } : {};
    return ended({ status: "completed", output, ...response }, reply);
  } catch (error) {
    told.flush();
    const { code, message } = error instanceof ModelError ? error : unexpected(error);
    const said = streamed.cutOff();
    const output = streamed.items.length === 0 || !fits(said) ? null : said;
    const status = signal?.aborted && output !== null ? "interrupted" : "failed";
    const response = onPart && { response: pieces() };
    return ended({ status, output, error: { code, message }, ...response }, null);
  }
}

function fits(output: Content): boolean {
  const text = typeof output === "string" ? output : JSON.stringify(output);
  return text.length * 3 <= ANSWER_BYTES || new TextEncoder().encode(text).length <= ANSWER_BYTES;
}

export function callModel(
  env: Env,
  config: Config,
  { models, ...call }: Call,
  { signal, onDelta, onPart }: AnswerOptions,
): Promise<ModelReply> {
  return respond(
    modelsOf(models, config, env),
    { ...call, signal, onDelta, onPart },
    {
      timeoutMs: config.MODEL_TIMEOUT_MS,
      random: Math.random,
      wait: (ms) => scheduler.wait(ms),
      circuits: env,
      onFailure: (model, { code, message }) => log("model.failed", message, { model, code }),
    },
  );
}

/** Asks a model something beside the conversation: nobody sees it stream. @throws ModelError */
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
  const asked = { account_id, session_id, models, messages };
  return (await callModel(env, config, asked, { signal })).text;
}

export function unexpected(error: unknown): { code: ModelError["code"]; message: string } {
  logError("model.broken", "a model failed in a way that nobody foresaw", error);
  return { code: "model_failed", message: "The model failed" };
}
