import { z } from "zod";

import type { Config } from "../config.ts";
import { readCache, writeCache } from "../outbound/kv-cache.ts";
import type { BeginResult, CachedAnswer, Outcome } from "../account/conversation/turn-contract.ts";
import { generateAnswer } from "./answer.ts";
import type { AnswerResult, AnswerOptions, Call } from "./answer.ts";
import { answerWithPolicies } from "./answer-with-policies.ts";
import type { Subject } from "../shared/rollout.ts";
/** How a turn is answered, as its begin says. */
type Answerer = Partial<
  Pick<Extract<BeginResult, { kind: "begun" }>, "cache" | "policed" | "responder">
>;

interface AnswerTurnOptions extends AnswerOptions {
  now: number;
  /** Receives a note on what is being done, if that takes long. */
  onProgress?: ((text: string) => Promise<void>) | undefined;
}

/** Answers a turn by a model, the cache or code, and applies its policies. */
export function answerTurn(
  env: Env,
  config: Config,
  call: Call,
  { cache, policed, responder }: Answerer,
  subject: Subject,
  options: AnswerTurnOptions,
): Promise<AnswerResult> {
  const answerIt = async (how: AnswerOptions) => {
    if (responder) {
      // Imported on first use: its places, dates and flights are much of the code, and most isolates never need them.
      const { answerTravel } = await import("./answer-travel.ts");
      return answerTravel(env, config, call, { ...subject, ...responder }, { ...options, ...how });
    }
    return cache
      ? answerCached(env, config, cache, call, how)
      : generateAnswer(env, config, call, how);
  };
  return policed
    ? answerWithPolicies(env, config, call, policed, answerIt, options)
    : answerIt(options);
}

const cachedAnswer = z.lazy(() => z.object({ text: z.string(), model: z.string() }));

/** The cached answer to the same question; else the model's, cached before the turn is settled, so that erasure finds it. */
async function answerCached(
  env: Env,
  config: Config,
  { key, seconds }: CachedAnswer,
  call: Call,
  options: AnswerOptions,
): Promise<AnswerResult> {
  const began = Date.now();
  const hit = await readCache(env.CACHE, "query", key, cachedAnswer);
  if (hit) {
    options.onDelta?.(hit.text);
    const reply = { text: hit.text, model: hit.model };
    const outcome: Outcome = {
      status: "completed",
      output: hit.text,
      model: hit.model,
      input_tokens: null,
      output_tokens: null,
      duration_ms: Date.now() - began,
      cached: true,
    };
    return { reply, outcome };
  }
  const answered = await generateAnswer(env, config, call, options);
  const { reply } = answered;
  if (reply) {
    const { text, model } = reply;
    await writeCache(env.CACHE, "query", key, { text, model }, seconds);
  }
  return answered;
}
