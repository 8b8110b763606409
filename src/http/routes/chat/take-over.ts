import { respondInBackground } from "../../../jobs/respond.ts";
import { logError } from "../../../observe/log.ts";
import type { AppContext } from "../../context.ts";

/**
 * How long the queue has to begin an answer, in ms. A longer wait shows in the page. A shorter one has this request answer
 * more often, and its answer ends 30 s after the page was left.
 */
const TAKE_OVER_MS = 500;

/**
 * Answers a queued turn in this request, if no consumer has it by then: a queue adds consumers only after its backlog grew.
 * The turn's lease lets one of them answer it.
 */
export function takeOverLate(c: AppContext, account_id: string, turn_id: number): void {
  const answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, TAKE_OVER_MS));
    await respondInBackground(c.env, { type: "response", account_id, turn_id });
  };
  c.executionCtx.waitUntil(
    answer().catch((error: unknown) =>
      logError("chat.not_taken_over", "the queue will answer a chat", error, { account_id }),
    ),
  );
}
