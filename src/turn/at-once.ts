import { configOf } from "../config.ts";
import { messagesOf, paired } from "../shared/items.ts";
import { isLocal } from "../models/respond.ts";
import type { Begun, Outcome } from "../account/conversation/turn-contract.ts";
import { answer } from "./answer.ts";

type BegunTurn = Extract<Begun, { kind: "begun" }>;

/** Whether a turn is answered without waiting for anything: by a model of this very process, and no policies or caches. */
export const isAtOnce = ({ models, responder, policed, cache }: BegunTurn): boolean =>
  isLocal(models) && !responder && !policed && !cache;

/** What such a turn is answered with, wherever that is asked for. */
export async function answerAtOnce(
  env: Env,
  account_id: string,
  { turn, window, models }: BegunTurn,
): Promise<Outcome> {
  const { session_id, input } = turn;
  const messages = paired([...window, ...messagesOf(input, "user")]);
  const call = { account_id, session_id, models: models.slice(0, 1), messages };
  return (await answer(env, configOf(env), call, {})).outcome;
}
