import { logError } from "../observe/log.ts";
import { requestIdField } from "../observe/request-context.ts";

/** Queues the job that takes facts out of a turn. The turn is settled: a queue that is away costs its facts alone. */
export async function queueFacts(env: Env, account_id: string, turn_id: number): Promise<void> {
  try {
    await env.JOBS.send({ type: "facts", account_id, turn_id, ...requestIdField() });
  } catch (error) {
    logError("facts.not_queued", "facts of a turn will not be taken", error, { account_id });
  }
}
