import { z } from "zod";

import type { Config } from "../config.ts";
import { readCache, writeCache } from "../outbound/kv-cache.ts";
import type { BeginResult, CachedAnswer, Outcome } from "../account/conversation/turn-contract.ts";
import { generateAnswer } from "./answer.ts";
import type { Answered, AnswerOptions, Call } from "./answer.ts";
import { answerPoliced } from "./answer-with-policies.ts";
import type { Subject } from "../shared/rollout.ts";
/** What a turn's begin says of who answers it. */
type Answerer = Partial<
  Pick<Extract<BeginResult, { kind: "begun" }>, "cache" | "policed" | "responder">
>;

interface AnswerTurnOptions extends AnswerOptions {
  now: number;
  /** Told what is being done where that takes a while, before the answer. */
  onProgress?: ((text: string) => Promise<void>) | undefined;
}

/** The answer of whoever answers the turn: a model, the cache or code, as the policies let it be. */
export function answerTurn(
  env: Env,
  config: Config,
  call: Call,
  { cache, policed, responder }: Answerer,
  subject: Subject,
  options: AnswerTurnOptions,
): Promise<Answered> {
  const answerIt = async (how: AnswerOptions) => {
    if (responder) {
      // Its places, dates and flights are a good part of all the code, and most isolates never need them.
      const { answerTravel } = await import("./answer-travel.ts");
      return answerTravel(env, config, call, { ...subject, ...responder }, { ...options, ...how });
    }
    return cache
      ? answerCached(env, config, cache, call, how)
      : generateAnswer(env, config, call, how);
  };
  return policed ? answerPoliced(env, config, call, policed, answerIt, options) : answerIt(options);
}

const cachedAnswer = z.object({ text: z.string(), model: z.string() });

/** What was answered to the same before; else the model's answer, which is kept before the turn is: so erasing finds it. */
async function answerCached(
  env: Env,
  config: Config,
  { key, seconds }: CachedAnswer,
  call: Call,
  options: AnswerOptions,
): Promise<Answered> {
  const began = Date.now();
  const kept = await readCache(env.CACHE, "query", key, cachedAnswer);
  if (kept) {
    options.onDelta?.(kept.text);
    const reply = { text: kept.text, model: kept.model };
    const outcome: Outcome = {
      status: "completed",
      output: kept.text,
      model: kept.model,
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
