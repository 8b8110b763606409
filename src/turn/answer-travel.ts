import { respondTravel } from "../travel/respond.ts";
import type { Config } from "../config.ts";
import { logUnexpected, promptModel } from "./answer.ts";
import type { AnswerResult, AnswerOptions, Call } from "./answer.ts";
import { isOutside } from "../shared/model-providers.ts";
import { isFlagOn } from "../directory/feature-flags.ts";
import type { Subject } from "../shared/rollout.ts";

/** The model that travel turns name. */
const NAME = "travel";

interface TravelOptions extends AnswerOptions {
  now: number;
  onProgress?: ((text: string) => Promise<void>) | undefined;
}

/** The travel assistant's answer and the session's state after it. A model reads the messages, if one is set. */
export async function answerTravel(
  env: Env,
  config: Config,
  call: Call,
  { state, ...subject }: Subject & { state: string },
  { now, signal, onDelta, onProgress }: TravelOptions,
): Promise<AnswerResult> {
  const began = Date.now();
  const lastReply = call.messages.findLast(({ role }) => role === "assistant");
  const question = call.messages.at(-1);
  const models = call.models.filter(isOutside);
  const askModel = (system: string, user: string) =>
    promptModel(env, config, { ...call, models }, { system, user }, signal);
  const outcome = {
    output: null,
    model: NAME,
    input_tokens: null,
    output_tokens: null,
  };
  try {
    const { text, state_patch } = await respondTravel(env, config, {
      text: question?.content ?? "",
      state,
      userId: subject.user_id ?? null,
      said: lastReply?.content ?? null,
      now,
      smart: await isFlagOn(env, config, "use_smart_handler", subject),
      askModel: models.length > 0 ? askModel : null,
      onSearching: onProgress,
    });
    onDelta?.(text);
    const duration_ms = Date.now() - began;
    return {
      reply: { text, model: NAME },
      outcome: { ...outcome, status: "completed", output: text, duration_ms, state_patch },
    };
  } catch (error) {
    const duration_ms = Date.now() - began;
    return {
      reply: null,
      outcome: { ...outcome, status: "failed", duration_ms, error: logUnexpected(error) },
    };
  }
}
