import { z } from "zod";

import { callAccount } from "../account/account-client.ts";
import { configOf } from "../config.ts";
import { extractFacts } from "../turn/extract-facts.ts";

/** A queued job: facts of a turn's user. */
export const factsJob = z.object({
  type: z.literal("facts"),
  account_id: z.string(),
  turn_id: z.number(),
});

/** Takes facts out of a turn, and stores them with it. Idempotent. @throws ModelError: the queue tries again */
export async function rememberTurn(
  env: Env,
  { account_id, turn_id }: z.infer<typeof factsJob>,
): Promise<void> {
  const config = configOf(env);
  const work = await callAccount(env, account_id, (account) =>
    account.facts.beginExtraction(turn_id, config.MODEL, Date.now()),
  );
  if (!work) return;
  const texts = await extractFacts(env, config, account_id, work);
  await callAccount(env, account_id, (account) =>
    account.facts.endExtraction(turn_id, texts, Date.now()),
  );
}
