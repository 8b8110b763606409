import { z } from "zod";

import { configOf } from "../config.ts";
import { ApiError } from "../shared/errors.ts";
import { callAccount } from "../account/account-client.ts";
import { settingsFrom } from "../openai/responses/settings.ts";
import { finishTurn } from "../turn/finish-turn.ts";

/** A queued job: a background response. It only wakes a consumer: the account's object has the turn. */
export const respondJob = z.object({
  type: z.literal("response"),
  account_id: z.string(),
  turn_id: z.number(),
});

/** Answers a background turn. Idempotent. */
export async function respondInBackground(
  env: Env,
  { account_id, turn_id }: z.infer<typeof respondJob>,
): Promise<void> {
  const config = configOf(env);
  const begun = await callAccount(env, account_id, (account) =>
    account.turns.resume(turn_id, config.MODEL, Date.now()),
  );
  if (!begun) return;
  const settings = settingsFrom(begun.turn.response);
  const background: Promise<unknown>[] = [];
  try {
    await finishTurn(env, config, account_id, begun, settings, {
      now: begun.turn.created_at,
      onPiece: settings.stream ? () => undefined : undefined,
      background: (work) => background.push(work),
    });
  } catch (error) {
    // The turn was cancelled or its session erased: nothing is left to do.
    if (!(error instanceof ApiError) || !GONE.has(error.code)) throw error;
  }
  await Promise.all(background);
}

const GONE = new Set(["turn_lost", "session_erased", "session_not_found"]);
