import type { AppContext } from "../context.ts";
import { requestTime } from "../context.ts";
import { appendToLog } from "../../directory/admin-log.ts";

/** Writes down what an admin is about to do. Before it is done: nothing is done that is not in the log. */
export async function recordAction(
  c: AppContext,
  action: string,
  target: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  const entry = {
    at: requestTime(c),
    actor: c.get("caller").name,
    action,
    target,
    details: JSON.stringify({ ...details, request_id: c.get("requestId") }),
  };
  await appendToLog(c.env, entry);
}
