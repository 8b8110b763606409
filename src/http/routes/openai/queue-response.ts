import { logError } from "../../../observe/log.ts";
import { requestIdField } from "../../../observe/request-context.ts";
import type { AppContext } from "../../context.ts";

/** Has the queue make a background response. Where the queue does not take the job, the account's alarm makes it. */
export async function queueResponse(
  c: AppContext,
  account_id: string,
  turn_id: number,
): Promise<void> {
  const job = { type: "response", account_id, turn_id, ...requestIdField() };
  await c.env.MESSAGES.send(job).catch((error: unknown) =>
    logError("job.unqueued", "the alarm will make a response", error, { account_id }),
  );
}
