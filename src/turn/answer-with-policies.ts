import type { Config } from "../config.ts";
import { mapText } from "../shared/items.ts";
import { applyJudges } from "../policies/judge.ts";
import { applyPolicies, judgesOf, recordOf, watchesResponse } from "../policies/apply.ts";
import type { Subject } from "../policies/apply.ts";
import type { Policy } from "../policies/policy.ts";
import { estimateTokens } from "../account/conversation/window.ts";
import { promptModel } from "./answer.ts";
import type { Answered, AnswerOptions, Call } from "./answer.ts";
import type { PolicyEvent } from "../shared/policy-record.ts";

/** A call that policies have a say in. */
export interface Policed {
  policies: readonly Policy[];
  /** What became of the request so far: what it says by now, and whether it is refused. */
  text: string;
  refusal: string | null;
  events: readonly PolicyEvent[];
}

/**
 * The answer, as the policies let it be. Those that need no model have seen the request already. What they block is
 * answered with their own words, and the model is not asked.
 */
export async function answerPoliced(
  env: Env,
  config: Config,
  call: Call,
  { policies, text, refusal, events: before }: Policed,
  answer: (options: AnswerOptions) => Promise<Answered>,
  options: AnswerOptions,
): Promise<Answered> {
  const events = [...before];
  const began = Date.now();
  const ask = (model: string, system: string, user: string) =>
    promptModel(env, config, { ...call, models: [model] }, { system, user }, options.signal);
  const judged = async (subject: Subject) => {
    const verdict = await applyJudges(judgesOf(policies, subject.phase), subject, ask);
    events.push(...verdict.events);
    return verdict.refusal;
  };
  const request: Subject = {
    phase: "request",
    text,
    tokens: () => ({ input: estimateTokens(call.messages), output: 0 }),
    at: began,
  };
  const refused = refusal ?? (await judged(request));
  if (refused !== null) {
    options.onDelta?.(refused);
    return {
      reply: { text: refused, model: null },
      outcome: {
        status: "completed",
        output: refused,
        model: null,
        input_tokens: null,
        output_tokens: null,
        duration_ms: Date.now() - began,
        policy: recordOf(events),
      },
    };
  }
  const isWatched = watchesResponse(policies);
  const unseen = { ...options, onDelta: undefined, onPart: undefined };
  const answered = await answer(isWatched ? unseen : options);
  const { reply, outcome } = answered;
  if (!reply) return { reply, outcome: { ...outcome, policy: recordOf(events) } };
  const response: Subject = {
    phase: "response",
    text: reply.text,
    tokens: () => ({
      input: outcome.input_tokens ?? request.tokens().input,
      output: outcome.output_tokens ?? estimateTokens([{ role: "assistant", content: reply.text }]),
    }),
    at: Date.now(),
  };
  const applied = applyPolicies(policies, response);
  events.push(...applied.events);
  const isWordless = applied.text === "";
  const refusedAnswer =
    applied.refusal ?? (isWordless ? null : await judged({ ...response, text: applied.text }));
  const said = refusedAnswer ?? applied.text;
  const changed = (each: string) => applyPolicies(policies, { ...response, text: each }).text;
  const output = refusedAnswer ?? mapText(outcome.output ?? said, changed);
  if (isWatched && typeof output === "string") options.onDelta?.(output);
  // It was told in one piece; what was kept of that on the way goes with the settle.
  const isTold = isWatched && options.onPart !== undefined;
  return {
    reply: { ...reply, text: said },
    outcome: {
      ...outcome,
      output,
      policy: recordOf(events),
      ...(isTold && { response: { ...outcome.response, pieces: [] } }),
    },
  };
}
