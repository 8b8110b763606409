import type { Config } from "../config.ts";
import { mapText, textsBeside } from "../shared/item-texts.ts";
import { textOf } from "../shared/items.ts";
import { applyJudges } from "../policies/judge.ts";
import { applyPolicies, judgesOf, recordOf, watchesResponse } from "../policies/apply.ts";
import type { PolicySubject } from "../policies/apply.ts";
import { loadPatterns } from "../policies/patterns.ts";
import type { Policy } from "../policies/policy.ts";
import { estimateTokens } from "../account/conversation/message-tokens.ts";
import { promptModel } from "./answer.ts";
import type { AnswerResult, AnswerOptions, Call } from "./answer.ts";
import type { PolicyEvent } from "../shared/policy-record.ts";

/** A call with policies. */
export interface PolicedCall {
  policies: readonly Policy[];
  /** The request after the policies that need no model. */
  text: string;
  /** The words of the policy that blocked the request. */
  refusal: string | null;
  events: readonly PolicyEvent[];
}

/**
 * Answers under policies. The policies that need no model were applied to the request before. A blocked request is
 * answered with the policy's own words, and the model is not asked.
 */
export async function answerWithPolicies(
  env: Env,
  config: Config,
  call: Call,
  { policies, text, refusal, events: before }: PolicedCall,
  generate: (options: AnswerOptions) => Promise<AnswerResult>,
  options: AnswerOptions,
): Promise<AnswerResult> {
  const events = [...before];
  const began = Date.now();
  const ask = (model: string, system: string, user: string) =>
    promptModel(env, config, { ...call, models: [model] }, { system, user }, options.signal);
  const applyJudgesTo = async (subject: PolicySubject) => {
    const verdict = await applyJudges(judgesOf(policies, subject.phase), subject, ask);
    events.push(...verdict.events);
    return verdict.refusal;
  };
  const request: PolicySubject = {
    phase: "request",
    text,
    tokens: () => ({ input: estimateTokens(call.messages), output: 0 }),
    at: began,
  };
  const refused = refusal ?? (await applyJudgesTo(request));
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
  const hidden = { ...options, onDelta: undefined, onPart: undefined };
  const answered = await generate(isWatched ? hidden : options);
  const { reply, outcome } = answered;
  if (!reply) return { reply, outcome: { ...outcome, policy: recordOf(events) } };
  const called = textsBeside(outcome.output);
  const response: PolicySubject = {
    phase: "response",
    text: [reply.text, called].filter((said) => said !== "").join("\n"),
    tokens: () => ({
      input: outcome.input_tokens ?? request.tokens().input,
      output: outcome.output_tokens ?? estimateTokens([{ role: "assistant", content: reply.text }]),
    }),
    at: Date.now(),
  };
  await loadPatterns(policies);
  const applied = applyPolicies(policies, response);
  events.push(...applied.events);
  const isEmpty = applied.text === "";
  const refusedAnswer =
    applied.refusal ?? (isEmpty ? null : await applyJudgesTo({ ...response, text: applied.text }));
  const shown = refusedAnswer ?? applied.text;
  const changed = (each: string) => applyPolicies(policies, { ...response, text: each }).text;
  const output = refusedAnswer ?? mapText(outcome.output ?? shown, changed);
  if (isWatched && typeof output === "string") options.onDelta?.(output);
  // Streamed in one piece: the settle replaces the pieces that were stored on the way.
  const isOnePiece = isWatched && options.onPart !== undefined;
  return {
    reply: { ...reply, text: called === "" ? shown : textOf(output, "assistant") },
    outcome: {
      ...outcome,
      output,
      policy: recordOf(events),
      ...(isOnePiece && { response: { ...outcome.response, pieces: [] } }),
    },
  };
}
